package safety

import (
	"errors"
	"fmt"

	"simpul"
)

// Code names a kind of finding. It never changes its meaning, so programs may lean on it.
type Code string

// Kind is one thing that a check can find. [Kinds] lists all of them.
type Kind struct {
	Code Code
	Harm bool        // something is damaged or lost; otherwise worth knowing
	What simpul.Text // what is wrong
	Next simpul.Text // what to do about it
}

// Finding is one thing that a check found.
type Finding struct {
	Code    Code
	Place   string      // file below the data folder, table, or what else it is about
	Offset  int64       // bytes from the start of the file; -1 where that says nothing
	Record  uint64      // sequence in the journal; 0 for none
	Through uint64      // the last record that it is about; 0: no other
	Detail  string      // which one, or what the system says: in no language
	Cause   simpul.Text // what a part of the hub says of it; may be empty
}

// Found is a finding of the kind about the place; its details are the caller's to add.
func Found(code Code, place string) Finding { return Finding{Code: code, Place: place, Offset: -1} }

// Because adds what an error says: in both languages where it is one for people.
func (f Finding) Because(err error) Finding {
	if e, ok := errors.AsType[*simpul.Error](err); ok {
		f.Cause = e.Message
		return f
	}
	f.Detail = err.Error()
	return f
}

// With adds which one.
func (f Finding) With(detail string) Finding {
	f.Detail = detail
	return f
}

// Kind returns what kind of finding it is; a code that nobody knows is damage.
func (f Finding) Kind() Kind {
	for _, k := range Kinds() {
		if k.Code == f.Code {
			return k
		}
	}
	return Kind{Code: f.Code, Harm: true}
}

// Harm reports whether something is damaged or lost.
func (f Finding) Harm() bool { return f.Kind().Harm }

// Where is the place as people write it: file, then offset.
func (f Finding) Where() string {
	if f.Offset < 0 {
		return f.Place
	}
	return fmt.Sprintf("%s:%d", f.Place, f.Offset)
}

// Message says what is wrong, with which records, and why, where that is known.
func (f Finding) Message() simpul.Text {
	k := f.Kind()
	return simpul.Text{ID: f.sentence(k.What.ID, "Catatan", f.Cause.ID), EN: f.sentence(k.What.EN, "Record", f.Cause.EN)}
}

func (f Finding) sentence(what, record, cause string) string {
	switch {
	case f.Through > f.Record:
		what += fmt.Sprintf(" %s: %d–%d.", record, f.Record, f.Through)
	case f.Record > 0:
		what += fmt.Sprintf(" %s: %d.", record, f.Record)
	}
	if cause != "" {
		what += " " + cause
	}
	if f.Detail != "" {
		what += " [" + f.Detail + "]"
	}
	return what
}

// Remedy says what to do about it.
func (f Finding) Remedy() simpul.Text { return f.Kind().Next }

// words fills both languages with the same arguments.
func words(id, en string, args ...any) simpul.Text {
	return simpul.Text{ID: fmt.Sprintf(id, args...), EN: fmt.Sprintf(en, args...)}
}
