package evidence

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// A frame holds one record in a segment; integers are big-endian:
//
//	0  uint32  length of the payload, at least 1
//	4  uint32  CRC-32C (Castagnoli) of sequence and payload
//	8  uint64  sequence
//	16         payload
const (
	frameHead  = 16
	maxPayload = 1 << 20 // bounds what a damaged length can make a reader allocate
)

// Entry is one record of the journal, still encoded.
type Entry struct {
	Sequence uint64
	Payload  []byte // valid until the next entry is read
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func appendFrame(dst []byte, sequence uint64, payload []byte) []byte {
	at := len(dst)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(payload)))
	dst = binary.BigEndian.AppendUint32(dst, 0)
	dst = binary.BigEndian.AppendUint64(dst, sequence)
	dst = append(dst, payload...)
	binary.BigEndian.PutUint32(dst[at+4:], crc32.Checksum(dst[at+8:], castagnoli))
	return dst
}

// scanner reads frames one after the other and checks each.
type scanner struct {
	r      *bufio.Reader
	file   string // for the damage report
	offset int64  // of the next frame in the file
	next   uint64 // the sequence that it must have
	head   [frameHead]byte
	buf    []byte
}

// scan returns the next entry, io.EOF at a clean end, or a *DamageError that
// names the place.
func (s *scanner) scan() (Entry, error) {
	if n, err := io.ReadFull(s.r, s.head[:]); err != nil {
		if n == 0 && err == io.EOF {
			return Entry{}, io.EOF
		}
		return Entry{}, s.damage(shortOr(err))
	}
	length := binary.BigEndian.Uint32(s.head[0:])
	if length == 0 || length > maxPayload {
		return Entry{}, s.damage(FaultLength)
	}
	if uint32(cap(s.buf)) < length {
		s.buf = make([]byte, max(length, 4096))
	}
	s.buf = s.buf[:length]
	if _, err := io.ReadFull(s.r, s.buf); err != nil {
		return Entry{}, s.damage(shortOr(err))
	}
	if err := s.check(); err != nil {
		return Entry{}, s.damage(err)
	}
	e := Entry{Sequence: s.next, Payload: s.buf}
	s.next++
	s.offset += frameHead + int64(length)
	return e, nil
}

func (s *scanner) check() error {
	sum := crc32.Update(crc32.Checksum(s.head[8:], castagnoli), castagnoli, s.buf)
	if sum != binary.BigEndian.Uint32(s.head[4:]) {
		return FaultChecksum
	}
	if binary.BigEndian.Uint64(s.head[8:]) != s.next {
		return FaultSequence
	}
	return nil
}

func (s *scanner) damage(err error) error {
	return &DamageError{File: s.file, Offset: s.offset, Sequence: s.next, Err: err}
}

// shortOr tells a file that ends early, which may be a torn write, from a disk
// that cannot be read, which never is.
func shortOr(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return FaultShort
	}
	return err
}

// holdsRecord reports whether an intact record of at least the given sequence
// starts anywhere in b. Recovery uses it to tell a torn tail, after which
// nothing follows, from damage in the middle. A payload cannot imitate a frame:
// JSON has no zero bytes, which every real sequence begins with.
func holdsRecord(b []byte, sequence uint64) bool {
	most := sequence + uint64(len(b))/(frameHead+1)
	for ; len(b) > frameHead; b = b[1:] {
		length := binary.BigEndian.Uint32(b)
		if length == 0 || uint64(length) > uint64(len(b)-frameHead) {
			continue
		}
		if at := binary.BigEndian.Uint64(b[8:]); at < sequence || at > most {
			continue
		}
		if crc32.Checksum(b[8:frameHead+length], castagnoli) == binary.BigEndian.Uint32(b[4:]) {
			return true
		}
	}
	return false
}
