package ledger

import (
	"errors"

	"simpul/internal/exchange/evidence"
)

// Fault is one way in which a log on disk is not what the journal says. Its name is
// stable; the words of [Fault.Error] are for the log.
type Fault string

// The faults.
const (
	FaultListGone   Fault = "list-missing"    // there is a log, and no list of its blocks
	FaultListHead   Fault = "list-head"       // the list's head is not what was written, or of another journal
	FaultListBlock  Fault = "list-block"      // a block on the list is not what was written
	FaultListShort  Fault = "list-short"      // the list ends before the log does
	FaultListTail   Fault = "list-tail"       // something that is no block stands at the list's end
	FaultBorder     Fault = "border"          // nothing says which records an entry covers, so nothing after it was checked
	FaultLost       Fault = "journal-shorter" // an entry covers records that the journal does not have
	FaultJournal    Fault = "journal"         // the records of an entry cannot be read
	FaultGone       Fault = "missing"         // a file of the log is gone
	FaultStranger   Fault = "stranger"        // the log has no such file
	FaultOther      Fault = "other"           // a file is not what the journal says
	FaultAhead      Fault = "ahead"           // it says more entries than the journal and the list of blocks have
	FaultCheckpoint Fault = "checkpoint"      // the checkpoint is not one that was signed with the log's key
	FaultUnread     Fault = "unread"          // the system did not let the file be read
)

// Faults lists all of them.
func Faults() []Fault {
	return []Fault{FaultListGone, FaultListHead, FaultListBlock, FaultListShort, FaultListTail, FaultBorder, FaultLost, FaultJournal,
		FaultGone, FaultStranger, FaultOther, FaultAhead, FaultCheckpoint, FaultUnread}
}

// Error says what is wrong.
func (f Fault) Error() string {
	switch f {
	case FaultListGone:
		return "the list of blocks is missing"
	case FaultListHead:
		return "the head of the list of blocks is not intact"
	case FaultListBlock:
		return "a block on the list is not intact"
	case FaultListShort:
		return "the list of blocks ends before the block"
	case FaultListTail:
		return "the list of blocks does not end with a block"
	case FaultBorder:
		return "neither the list nor the log says which records the entry covers: nothing after it was checked"
	case FaultLost:
		return "the entry covers records that the journal does not have"
	case FaultJournal:
		return "the records of the entry cannot be read"
	case FaultGone:
		return "the file is missing"
	case FaultStranger:
		return "the log has no such file"
	case FaultOther:
		return "it is not what the journal says"
	case FaultAhead:
		return "it says more entries than the journal and the list of blocks have"
	case FaultCheckpoint:
		return "it is not signed as a checkpoint of this log"
	}
	return "the file cannot be read"
}

// Finding is one thing that is wrong.
type Finding struct {
	File    string // below the data folder
	Offset  int64  // bytes from the start of the file; -1 where that says nothing
	First   uint64 // the records that it is about; 0 for none
	Through uint64
	Err     error // a [Fault], or what the system said
}

// String names the file first.
func (f Finding) String() string { return f.File + ": " + f.Err.Error() }

// Fault tells which one it is; what the system said is FaultUnread.
func (f Finding) Fault() Fault {
	if fault, ok := errors.AsType[Fault](f.Err); ok {
		return fault
	}
	if _, ok := errors.AsType[*evidence.DamageError](f.Err); ok {
		return FaultJournal
	}
	return FaultUnread
}

// misfit is a fault with its place within a file.
type misfit struct {
	Fault
	offset         int64
	first, through uint64 // records
}

// Unwrap returns the fault alone.
func (m misfit) Unwrap() error { return m.Fault }

// findingOf gives an error its file.
func findingOf(file string, err error) Finding {
	f := Finding{File: file, Offset: -1, Err: err}
	if m, ok := errors.AsType[misfit](err); ok {
		f.Offset, f.First, f.Through = m.offset, m.first, m.through
	}
	return f
}
