package evidence

import (
	"bytes"
	"io"

	"simpul"
)

// Naming reports whether a record can name persons, in the clear or in what is
// sealed of it, by a look at its bytes: decoding every record would cost ten times
// as much. Most records of a class that must leave evidence have a sealed part that is
// just as long as its digest key.
func Naming(payload []byte) bool {
	_, sealed, found := bytes.Cut(payload, []byte(`"personal":"`))
	return found && bytes.IndexByte(sealed, '"') != keyAlone || bytes.Contains(payload, []byte(`"persons":`))
}

// Whole reads as [Feed.Read] does and hands over whole records: those that are
// wanted by their bytes, and are sealed. The bytes are valid during the call. An
// error of sealed ends the reading before its record.
func (f *Feed) Whole(after uint64, most int, wanted func(payload []byte) bool, sealed func(e Entry, x *simpul.Exchange) error) (uint64, error) {
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
		r, err := DecodeRecord(e.Payload)
		if err != nil || r.Kind != Sealed {
			continue
		}
		if err := sealed(e, &r.Exchange); err != nil {
			return e.Sequence - 1, err
		}
	}
	return f.at, nil
}
