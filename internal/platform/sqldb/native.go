package sqldb

import "strconv"

// native is a statement in the engine's own form. SQLite takes $1 for a name,
// and looks each up among all names of the statement; ?1 is a number, and ? the
// next one, for which it keeps no name at all.
func (d dialect) native(query string) string {
	if d == postgres {
		return query
	}
	if text, inOrder := unnumbered(query); inOrder {
		return text
	}
	text := []byte(query)
	for i := range len(text) - 1 {
		if text[i] == '$' && isDigit(text[i+1]) {
			text[i] = '?'
		}
	}
	return string(text)
}

// unnumbered writes each argument as ?, where every one stands once and in order.
func unnumbered(query string) (text string, inOrder bool) {
	out := make([]byte, 0, len(query))
	next := 1
	for i := 0; i < len(query); i++ {
		if query[i] != '$' || i+1 == len(query) || !isDigit(query[i+1]) {
			out = append(out, query[i])
			continue
		}
		end := i + 1
		for end < len(query) && isDigit(query[end]) {
			end++
		}
		if query[i+1:end] != strconv.Itoa(next) {
			return "", false
		}
		out = append(out, '?')
		next, i = next+1, end-1
	}
	return string(out), true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
