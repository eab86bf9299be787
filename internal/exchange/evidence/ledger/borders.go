package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
)

// The list of blocks stands beside the journal, since where a block ends follows
// from when it was made and from nothing that a record says. With it, and the
// journal, a log that is gone is built again entry by entry. A block is on this list, on
// disk, before its entry is in the log. Integers are big-endian:
//
//	 0  8 bytes   magic
//	 8  16 bytes  journal ID
//	24  uint32    format version
//	28  uint32    CRC-32C of the 28 bytes before
//	32            blocks of 16 bytes: uint64 first sequence, uint32 number of
//	              records, uint32 CRC-32C of the entry's index and the 12 bytes before
const (
	listName    = "blocks.list"
	listMagic   = "\x89SIMBLK\n"
	listVersion = 1
	listHead    = 32
	listBlock   = 16
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// listPath is where the list of the journal in the folder is.
func listPath(dir string) string { return filepath.Join(dir, listName) }

// border is where a block begins and how many records it has.
type border struct {
	first uint64
	count uint32
}

func borderOf(b proof.Block) border { return border{b.First, b.Count} }

// next is the first sequence after the block.
func (b border) next() uint64 { return b.first + uint64(b.count) }

func (b border) append(dst []byte, index uint64) []byte {
	at := len(dst)
	dst = binary.BigEndian.AppendUint64(dst, b.first)
	dst = binary.BigEndian.AppendUint32(dst, b.count)
	return binary.BigEndian.AppendUint32(dst, borderSum(index, dst[at:]))
}

func borderSum(index uint64, b []byte) uint32 {
	sum := crc32.Checksum(binary.BigEndian.AppendUint64(nil, index), castagnoli)
	return crc32.Update(sum, castagnoli, b)
}

// listOffset is where the block of an entry stands on the list.
func listOffset(index uint64) int64 { return listHead + int64(index)*listBlock }

func parseBorder(b []byte, index uint64) (border, error) {
	if borderSum(index, b[:12]) != binary.BigEndian.Uint32(b[12:]) {
		return border{}, FaultListBlock
	}
	return border{binary.BigEndian.Uint64(b), binary.BigEndian.Uint32(b[8:])}, nil
}

func appendListHead(dst []byte, id evidence.JournalID) []byte {
	dst = append(dst, listMagic...)
	dst = append(dst, id[:]...)
	dst = binary.BigEndian.AppendUint32(dst, listVersion)
	return binary.BigEndian.AppendUint32(dst, crc32.Checksum(dst, castagnoli))
}

// list is the open list of blocks.
type list struct {
	f    *os.File
	size uint64 // blocks on it
}

// openList opens the list of the journal, or begins one. The end that an
// interrupted write leaves is cut; it can only be beyond the known blocks, those
// that are in the log.
func openList(path string, id evidence.JournalID, known uint64) (*list, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	l := &list{f: f}
	if err := l.recover(id, known); err != nil {
		f.Close()
		return nil, err
	}
	return l, nil
}

func (l *list) recover(id evidence.JournalID, known uint64) error {
	info, err := l.f.Stat()
	if err != nil {
		return err
	}
	if info.Size() < listHead {
		return l.begin(id)
	}
	head := make([]byte, listHead)
	if _, err := l.f.ReadAt(head, 0); err != nil {
		return err
	}
	if string(head) != string(appendListHead(nil, id)) {
		return damaged(listName, FaultListHead)
	}
	l.size = uint64(info.Size()-listHead) / listBlock
	for l.size > known {
		if _, err := l.at(l.size - 1); !errors.Is(err, FaultListBlock) {
			break
		}
		l.size--
	}
	return l.cut()
}

func (l *list) begin(id evidence.JournalID) error {
	_, err := l.f.WriteAt(appendListHead(nil, id), 0)
	return errors.Join(err, l.f.Sync(), syncDir(filepath.Dir(l.f.Name())))
}

// cut removes what stands behind the last block.
func (l *list) cut() error { return l.f.Truncate(listHead + int64(l.size)*listBlock) }

// at returns the block of an entry.
func (l *list) at(index uint64) (border, error) {
	if index >= l.size {
		return border{}, damaged(listName, FaultListShort)
	}
	var b [listBlock]byte
	if _, err := l.f.ReadAt(b[:], listOffset(index)); err != nil {
		return border{}, err
	}
	found, err := parseBorder(b[:], index)
	if err != nil {
		return border{}, damaged(listName, fmt.Errorf("entry %d: %w", index, err))
	}
	return found, nil
}

// add puts blocks at the end and returns when they are on disk.
func (l *list) add(blocks []proof.Block) error {
	var b []byte
	for i, block := range blocks {
		b = borderOf(block).append(b, l.size+uint64(i))
	}
	if _, err := l.f.WriteAt(b, listHead+int64(l.size)*listBlock); err != nil {
		return errors.Join(err, l.cut())
	}
	if err := l.f.Sync(); err != nil {
		return errors.Join(err, l.cut())
	}
	l.size += uint64(len(blocks))
	return nil
}

func (l *list) close() error { return l.f.Close() }

// syncDir makes created names in dir durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// readList reads a list for checking: every block that is intact, by entry, and
// what is wrong with it.
func readList(path string, id evidence.JournalID) (blocks map[uint64]border, size uint64, faults []error, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, nil, err
	}
	defer f.Close()
	head := make([]byte, listHead)
	if _, err := io.ReadFull(f, head); err != nil || string(head) != string(appendListHead(nil, id)) {
		faults = append(faults, misfit{Fault: FaultListHead})
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		return nil, 0, nil, err
	}
	blocks = map[uint64]border{}
	for ; len(raw) >= listBlock; raw = raw[listBlock:] {
		b, err := parseBorder(raw, size)
		if err != nil {
			faults = append(faults, misfit{Fault: FaultListBlock, offset: listOffset(size)})
		} else {
			blocks[size] = b
		}
		size++
	}
	if len(raw) > 0 {
		faults = append(faults, misfit{Fault: FaultListTail, offset: listOffset(size)})
	}
	return blocks, size, faults, nil
}
