package sqldb

// native is a statement in the engine's own form. SQLite takes $1 for a name,
// and looks each up among all names of the statement; ?1 is a number.
func (d dialect) native(query string) string {
	if d == postgres {
		return query
	}
	text := []byte(query)
	for i := range len(text) - 1 {
		if next := text[i+1]; text[i] == '$' && '0' <= next && next <= '9' {
			text[i] = '?'
		}
	}
	return string(text)
}
