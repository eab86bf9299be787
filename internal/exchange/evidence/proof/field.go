package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"simpul"
)

// FieldSalt is the length of the salt of a field, in bytes.
const FieldSalt = 16

// fieldDomain begins what the leaf of a field is hashed over, so that it cannot be
// taken for anything else that the hub commits to.
const fieldDomain = "simpul-field/1\x00"

// AppendField appends what the leaf of a field is hashed over: its pointer (RFC
// 6901) and the JSON text of its value, each behind its length, and its salt. The
// lengths make it unambiguous, and the quotes of JSON tell a text from a number.
func AppendField(dst, pointer, value, salt []byte) []byte {
	dst = append(dst, fieldDomain...)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(pointer)))
	dst = append(dst, pointer...)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(value)))
	dst = append(dst, value...)
	return append(dst, salt...)
}

// FieldRoot is what a record says of the tree over the fields of an answer: how many
// they are, and their Merkle tree hash (RFC 9162 section 2.1.1). A tree hash alone
// leaves the size open. The byte before it is none that begins a leaf or a node.
func FieldRoot(size uint64, tree []byte) [sha256.Size]byte {
	b := append([]byte{2}, fieldDomain...)
	b = binary.BigEndian.AppendUint64(b, size)
	return sha256.Sum256(append(b, tree...))
}

// Verify checks that the field stood in the answer whose record has this root. It
// says nothing of the record itself, nor of the answer's other fields.
func (f FieldProof) Verify(root simpul.Digest) error {
	want, err := hex.DecodeString(string(root))
	switch {
	case root == "":
		return fieldFault("Catatan ini tidak mengikat kolom satu per satu.", "This record does not commit to single fields.",
			"Kolomnya tidak dapat dibuktikan sendiri; buktikan seluruh jawabannya dengan sidiknya.", "The field cannot be proved alone; prove the whole answer by its fingerprint.")
	case err != nil || len(want) != rfc6962.DefaultHasher.Size():
		return fieldFault("Akar kolom di catatan tidak terbaca.", "The root of the fields in the record cannot be read.", askAgainID, askAgainEN)
	case len(f.Salt) != FieldSalt || !isPointer(f.Pointer) || !isScalar(f.Value):
		return fieldFault("Bukti kolom di berkas ini tidak berbentuk benar.", "The proof of the field in this file is malformed.", askAgainID, askAgainEN)
	}
	leaf := rfc6962.DefaultHasher.HashLeaf(AppendField(nil, []byte(f.Pointer), []byte(f.Value), f.Salt))
	tree, err := proof.RootFromInclusionProof(rfc6962.DefaultHasher, f.Index, f.Size, leaf, f.Path)
	if got := FieldRoot(f.Size, tree); err != nil || !bytes.Equal(got[:], want) {
		return fieldFault("Kolom itu tidak cocok dengan jawaban yang tercatat: isi, nama, atau tempatnya lain.", "The field does not match the recorded answer: its value, name or place is different.", askAgainID, askAgainEN)
	}
	return nil
}

const (
	askAgainID = "Jangan pakai berkas ini. Minta berkas bukti yang baru kepada yang memberikannya."
	askAgainEN = "Do not use this file. Ask whoever gave it to you for a new proof."
)

func fieldFault(id, en, remedyID, remedyEN string) error {
	return simpul.Invalid("field", simpul.Text{ID: id, EN: en}, simpul.Text{ID: remedyID, EN: remedyEN})
}

// isPointer reports whether the text is a pointer of RFC 6901.
func isPointer(text string) bool {
	if text != "" && text[0] != '/' || !utf8.ValidString(text) {
		return false
	}
	rest := strings.NewReplacer("~0", "", "~1", "").Replace(text)
	return !strings.Contains(rest, "~")
}

// isScalar reports whether the text is one JSON value that a leaf can have: no
// container but an empty one, and no white space around it.
func isScalar(text string) bool {
	switch {
	case text == "{}", text == "[]":
		return true
	case text == "", strings.ContainsAny(text[:1], "{[ \t\r\n"), strings.ContainsAny(text[len(text)-1:], " \t\r\n"):
		return false
	}
	return utf8.ValidString(text) && json.Valid([]byte(text))
}
