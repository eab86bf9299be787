package proof

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// MaxRecords is most that one block covers.
const MaxRecords = 256

// Block is what one entry of the log says: which records it covers, and the root
// of the tree over them.
type Block struct {
	First uint64 // sequence of its first record in the journal
	Count uint32 // records, 1 to MaxRecords
	Root  [sha256.Size]byte
}

// The entry of a block, integers big-endian:
//
//	0   byte    version, 1
//	1   uint64  sequence of the first record
//	9   uint32  number of records
//	13          root, 32 bytes
const (
	entryVersion = 1
	entryBytes   = 1 + 8 + 4 + sha256.Size
)

// Entry returns the bytes that stand in the log.
func (b Block) Entry() []byte {
	e := make([]byte, 0, entryBytes)
	e = append(e, entryVersion)
	e = binary.BigEndian.AppendUint64(e, b.First)
	e = binary.BigEndian.AppendUint32(e, b.Count)
	return append(e, b.Root[:]...)
}

var errEntry = errors.New("not an entry of an evidence log")

// ParseBlock reads an entry and refuses whatever Entry does not write.
func ParseBlock(entry []byte) (b Block, err error) {
	if len(entry) != entryBytes || entry[0] != entryVersion {
		return b, errEntry
	}
	b.First = binary.BigEndian.Uint64(entry[1:])
	b.Count = binary.BigEndian.Uint32(entry[9:])
	copy(b.Root[:], entry[13:])
	if b.First == 0 || b.Count == 0 || b.Count > MaxRecords || b.First+uint64(b.Count) < b.First {
		return Block{}, errEntry
	}
	return b, nil
}

// Leaf is the leaf of a record in its block: RFC 9162 section 2.1.1, over the
// record's bytes in the journal.
func Leaf(record []byte) (leaf [sha256.Size]byte) {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(record)
	h.Sum(leaf[:0])
	return leaf
}
