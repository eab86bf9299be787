package evidence

import "errors"

// Fault is one way in which a journal on disk is not what was written. Its name is
// stable; the words of [Fault.Error] are for the log.
type Fault string

// The faults.
const (
	FaultShort    Fault = "record-short"    // the file ends within a record or a header
	FaultLength   Fault = "record-length"   // a record says a length that none has
	FaultChecksum Fault = "record-checksum" // a record is not what was written
	FaultSequence Fault = "record-sequence" // an intact record stands where another belongs
	FaultHeader   Fault = "header"          // the header of a segment is not what was written
	FaultVersion  Fault = "version"         // the segment is of a format that this program does not know
	FaultName     Fault = "name"            // the segment's header belongs to a file of another name
	FaultNumber   Fault = "number"          // the segment's name is not a sequence
	FaultForeign  Fault = "foreign"         // the file belongs to another journal
	FaultMissing  Fault = "missing"         // records or segments are gone
	FaultTwice    Fault = "twice"           // records stand in two segments
	FaultRemoval  Fault = "removed"         // the file that says up to where retention removed records is not what was written
	FaultUnread   Fault = "unread"          // the system did not let the file be read
)

// Faults lists all of them.
func Faults() []Fault {
	return []Fault{FaultShort, FaultLength, FaultChecksum, FaultSequence, FaultHeader, FaultVersion, FaultName, FaultNumber,
		FaultForeign, FaultMissing, FaultTwice, FaultRemoval, FaultUnread}
}

// Error says what is wrong.
func (f Fault) Error() string {
	switch f {
	case FaultShort:
		return "the record ends before its length"
	case FaultLength:
		return "the length is impossible"
	case FaultChecksum:
		return "the checksum does not match"
	case FaultSequence:
		return "the sequence is not the expected one"
	case FaultHeader:
		return "the header is not intact"
	case FaultVersion:
		return "this version of simpul does not know the format"
	case FaultName:
		return "the header belongs to a segment of another name"
	case FaultNumber:
		return "the name is not a sequence"
	case FaultForeign:
		return "the file belongs to another journal"
	case FaultMissing:
		return "records are missing"
	case FaultTwice:
		return "records stand twice"
	case FaultRemoval:
		return "the file is not as it was written"
	}
	return "the file cannot be read"
}

// Fault tells which one it is; what the system said is FaultUnread.
func (d *DamageError) Fault() Fault {
	if f, ok := errors.AsType[Fault](d.Err); ok {
		return f
	}
	return FaultUnread
}
