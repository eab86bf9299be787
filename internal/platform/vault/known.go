package vault

// Knows reports whether the value looks as if it was sealed under a key of the
// file. Whoever reads a whole database finds sealed values by it.
func (v *Vault) Knows(value []byte) bool {
	id, ok := keyOf(value)
	if !ok {
		return false
	}
	_, ok = v.keys.Load().find(id)
	return ok
}
