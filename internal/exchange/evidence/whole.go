package evidence

import (
	"bytes"
	"io"

	"simpul"
)

// Naming reports whether a record can name persons, in the clear or in what is
// sealed of it, by a look at its bytes: decoding every record would cost ten times
// as much.
func Naming(payload []byte) bool {
	return bytes.Contains(payload, []byte(`"persons":`)) || bytes.Contains(payload, []byte(`"personal":`))
}

// Whole reads as [Feed.Read] does and hands over whole records: those that are
// wanted by their bytes, and are sealed.
func (f *Feed) Whole(after uint64, most int, wanted func(payload []byte) bool, sealed func(sequence uint64, x *simpul.Exchange)) (uint64, error) {
	if err := f.seek(after); err != nil {
		return after, err
	}
	for range most {
		e, err := f.reader.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return after, err
		}
		f.at = e.Sequence
		if !wanted(e.Payload) {
			continue
		}
		if r, err := DecodeRecord(e.Payload); err == nil && r.Kind == Sealed {
			sealed(e.Sequence, &r.Exchange)
		}
	}
	return f.at, nil
}
