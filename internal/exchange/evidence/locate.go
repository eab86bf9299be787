package evidence

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"io"
	"os"
)

const (
	nearBytes   = 32 << 10 // a reader scans at most about this much before the record that it wants
	soughtBytes = 16 << 10 // how much is searched for the beginning of a frame
)

// approach moves the scanner of the open segment towards the record without
// reading what stands before it: by bisection, since frames carry their sequence
// and cannot be mistaken for anything else. Where no frame is recognised it moves
// less, and scanning does the rest.
func (r *Reader) approach(sequence uint64) error {
	info, err := r.file.Stat()
	if err != nil {
		return err
	}
	at, next := r.scanner.offset, r.scanner.next
	buf := make([]byte, soughtBytes)
	for end := info.Size(); end-at > nearBytes; {
		middle := at + (end-at)/2
		offset, found := seekFrame(r.file, buf, middle, next, sequence)
		if found == 0 || found > sequence {
			end = middle
			continue
		}
		at, next = offset, found
	}
	if at == r.scanner.offset {
		return nil
	}
	if _, err := r.file.Seek(at, io.SeekStart); err != nil {
		return err
	}
	r.scanner.r = bufio.NewReaderSize(r.file, 64<<10)
	r.scanner.offset, r.scanner.next = at, next
	return nil
}

// seekFrame returns where the first frame at or after the offset begins, and its
// sequence; 0 for none within the buffer. A frame of a later record than wanted is found too.
func seekFrame(f *os.File, buf []byte, offset int64, after, wanted uint64) (int64, uint64) {
	n, _ := f.ReadAt(buf, offset) // what cannot be read holds no frame, and scanning will name it
	for b := buf[:n]; len(b) > frameHead; b = b[1:] {
		length := binary.BigEndian.Uint32(b)
		if length == 0 || uint64(length) > uint64(len(b)-frameHead) {
			continue
		}
		sequence := binary.BigEndian.Uint64(b[8:])
		if sequence <= after || sequence > wanted+maxSegmentRecords {
			continue
		}
		if crc32.Checksum(b[8:frameHead+length], castagnoli) == binary.BigEndian.Uint32(b[4:]) {
			return offset + int64(n-len(b)), sequence
		}
	}
	return 0, 0
}

// maxSegmentRecords bounds how far apart two sequences of one segment can be: a
// frame has at least 17 bytes, and segments stay far below 64 GiB.
const maxSegmentRecords = 1 << 32
