package simpul

import (
	"errors"
	"strings"
	"time"
)

// Code classifies an error for machines. One edge (platform/httpapi) maps each
// code to one HTTP status.
type Code string

const (
	CodeInvalid          Code = "invalid"            // 400, or 422 where a schema is not met; Place says where
	CodeUnauthenticated  Code = "unauthenticated"    // 401: no credential, or one that is not valid
	CodeDenied           Code = "denied"             // 403: known, but not allowed
	CodeNotFound         Code = "not_found"          // 404
	CodeMethodNotAllowed Code = "method_not_allowed" // 405: the contract has no such operation
	CodeConflict         Code = "conflict"           // 409
	CodeGone             Code = "gone"               // 410: was there and has ended for good
	CodeTooLarge         Code = "too_large"          // 413
	CodeLimited          Code = "limited"            // 429: over a rate or quota
	CodeInternal         Code = "internal"           // 500: our fault; details stay inside
	CodeUpstream         Code = "upstream"           // 502: the provider answered nonsense
	CodeUnavailable      Code = "unavailable"        // 503: cannot be served now
	CodeTimeout          Code = "timeout"            // 504: the provider did not answer in time
	CodeAborted          Code = "aborted"            // the consumer hung up; nobody is left to tell
)

// Error is an error that a person will read. Message says what is wrong, Remedy
// the next action. Err, the cause, is for the log and never leaves the process.
type Error struct {
	Code    Code
	Message Text
	Remedy  Text
	Owner   AgencyID      // who can mend it, when that is somebody else
	Place   string        // where in the input, e.g. "body.spec.class"
	Retry   time.Duration // how long to wait before trying again; 0 when waiting does not help
	Faults  []Fault       // every wrong place, where there are several; Place is that of the first
	Err     error
}

// Fault is one wrong place in the input.
type Fault struct {
	Place   string
	Message Text
}

// Error gives the English text with its cause, for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	if e.Place != "" {
		b.WriteString(" at " + e.Place)
	}
	if m := e.Message.In(English); m != "" {
		b.WriteString(": " + m)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the first *Error in err's chain, CodeInternal for
// an error without one, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// Invalid reports malformed input: the place, what is wrong there, how to mend it.
func Invalid(place string, message, remedy Text) *Error {
	return &Error{Code: CodeInvalid, Place: place, Message: message, Remedy: remedy}
}

// NotFound reports that a thing does not exist, or is not visible to the caller:
// the two are told in the same words so that nobody can probe for names.
func NotFound(kind Text, id string) *Error {
	return &Error{
		Code:    CodeNotFound,
		Message: Text{kind.ID + " \"" + id + "\" tidak ditemukan.", kind.EN + " \"" + id + "\" was not found."},
		Remedy:  Text{"Periksa ejaannya, atau lihat daftar yang dapat Anda akses.", "Check the spelling, or look at the list that you can access."},
	}
}

// At gives an error of this kind the place where it was found, and leaves any
// other error as it is.
func At(place string, err error) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	placed := *e
	placed.Place = place
	return &placed
}
