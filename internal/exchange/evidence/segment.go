package evidence

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A segment is a file named after its first sequence. It starts with a header;
// integers are big-endian:
//
//	 0  8 bytes   magic
//	 8  uint32    format version
//	12  16 bytes  journal ID
//	28  uint64    first sequence
//	36  uint32    CRC-32C of the 36 bytes before
//	40            frames
const (
	headerSize    = 40
	magic         = "\x89SIMPUL\n" // neither text nor any other file type
	formatVersion = 1
	suffix        = ".seg"
	nameDigits    = 20 // enough for every uint64, so that names sort by sequence
)

// JournalID tells journals apart: a segment of one is refused in another, and
// an index knows which journal a position belongs to.
type JournalID [16]byte

// String returns the ID in hex.
func (id JournalID) String() string { return hex.EncodeToString(id[:]) }

type segmentHeader struct {
	journal JournalID
	first   uint64
}

func (h segmentHeader) append(dst []byte) []byte {
	at := len(dst)
	dst = append(dst, magic...)
	dst = binary.BigEndian.AppendUint32(dst, formatVersion)
	dst = append(dst, h.journal[:]...)
	dst = binary.BigEndian.AppendUint64(dst, h.first)
	return binary.BigEndian.AppendUint32(dst, crc32.Checksum(dst[at:], castagnoli))
}

func parseHeader(b []byte) (segmentHeader, error) {
	var h segmentHeader
	switch {
	case string(b[:8]) != magic, crc32.Checksum(b[:36], castagnoli) != binary.BigEndian.Uint32(b[36:]):
		return h, FaultHeader
	case binary.BigEndian.Uint32(b[8:]) != formatVersion:
		return h, fmt.Errorf("version %d: %w", binary.BigEndian.Uint32(b[8:]), FaultVersion)
	}
	copy(h.journal[:], b[12:])
	h.first = binary.BigEndian.Uint64(b[28:])
	return h, nil
}

// readHeader reads the header from the start of r and checks that it belongs to
// the file's name.
func readHeader(r io.Reader, name string) (segmentHeader, error) {
	var b [headerSize]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return segmentHeader{}, &DamageError{File: name, Err: shortOr(err)}
	}
	h, err := parseHeader(b[:])
	if err == nil && segmentName(h.first) != name {
		err = fmt.Errorf("%s: %w", segmentName(h.first), FaultName)
	}
	if err != nil {
		return segmentHeader{}, &DamageError{File: name, Err: err}
	}
	return h, nil
}

func segmentName(first uint64) string { return fmt.Sprintf("%0*d%s", nameDigits, first, suffix) }

func parseSegmentName(name string) (first uint64, ok bool) {
	first, err := strconv.ParseUint(strings.TrimSuffix(name, suffix), 10, 64)
	return first, err == nil && name == segmentName(first)
}

// listSegments returns the first sequences of the segments in dir, ascending. A
// segment file with a name that the journal would not give is damage.
func listSegments(dir string) ([]uint64, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var firsts []uint64
	for _, f := range files {
		if filepath.Ext(f.Name()) != suffix {
			continue
		}
		first, ok := parseSegmentName(f.Name())
		if !ok {
			return nil, &DamageError{File: f.Name(), Err: FaultNumber}
		}
		firsts = append(firsts, first)
	}
	slices.Sort(firsts)
	return firsts, nil
}

// createSegment makes the file with its header and returns when both the file
// and its entry in the directory are on disk.
func createSegment(open opener, dir string, h segmentHeader) (file, error) {
	f, err := open(filepath.Join(dir, segmentName(h.first)), os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(writeFull(f, h.append(nil)), f.Sync()); err != nil {
		f.Close()
		return nil, err
	}
	if err := syncDir(open, dir); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
