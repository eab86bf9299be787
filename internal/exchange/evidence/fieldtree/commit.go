package fieldtree

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"sync"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
)

// keyBytes is the length of a field key.
const keyBytes = 16

// keyText writes a field key, as it stands in a record.
var keyText = base64.RawURLEncoding

// Committer commits to the fields of answers. It is safe for concurrent use.
type Committer struct{ makers sync.Pool }

// maker is what one answer needs, kept for the next.
type maker struct {
	*walker
	tree    growing
	salts   salts
	salt    [32]byte
	scratch []byte
}

// Commit returns the root over the fields of an answer and a fresh key of its
// salts; nothing for an answer that cannot be proved field by field.
func (c *Committer) Commit(body []byte) (root simpul.Digest, key string) {
	m, ok := c.makers.Get().(*maker)
	if !ok {
		m = &maker{walker: newWalker()}
	}
	defer c.makers.Put(m)
	var secret [keyBytes]byte
	rand.Read(secret[:]) // never fails since Go 1.24
	n, err := m.root(body, secret[:])
	if err != nil {
		return "", ""
	}
	return simpul.Digest(hex.EncodeToString(n[:])), keyText.EncodeToString(secret[:])
}

func (m *maker) root(body, key []byte) (node, error) {
	m.tree = growing{roots: m.tree.roots[:0]}
	m.salts = newSalts(key)
	if err := m.walk(body, m.add); err != nil {
		return node{}, err
	}
	tree := m.tree.root()
	return proof.FieldRoot(uint64(m.tree.size), tree[:]), nil
}

func (m *maker) add(pointer, value []byte) {
	salt := m.salts.append(m.salt[:0], m.tree.size)
	var leaf node
	leaf, m.scratch = leafOf(m.scratch, pointer, value, salt)
	m.tree.add(leaf)
}
