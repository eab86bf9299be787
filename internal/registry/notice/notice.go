package notice

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"simpul"
)

// State is how far the reader has come with an entry.
type State string

// The states of an entry.
const (
	Unread State = "unread"
	Read   State = "read"
	Done   State = "done" // by the reader, or by a colleague who acted first
)

// Entry is one notice in the inbox of one person.
type Entry struct {
	ID     string
	Topic  string
	Title  simpul.Text
	Body   simpul.Text
	Link   string    // path of the page where the reader acts; may be empty
	Due    time.Time // zero: nobody must act
	Urgent bool
	State  State
	At     time.Time
}

// Waits reports whether somebody still has to act.
func (e Entry) Waits() bool { return !e.Due.IsZero() && e.State != Done }

// Overdue reports whether somebody should have acted before now.
func (e Entry) Overdue(now time.Time) bool { return e.Waits() && now.After(e.Due) }

// Limits of a notice, in bytes.
const (
	maxTitle = 300
	maxBody  = 4000
	maxLink  = 500
	maxKey   = 300
)

// check refuses a notice that no room should write. Its sender is code of the
// hub, so the error is for those who develop it.
func check(n simpul.Notice) error {
	switch {
	case !regexp.MustCompile(`^[a-z][a-z-]*\.[a-z][a-z-]*$`).MatchString(n.Topic):
		return fmt.Errorf("notice: topic %q is not noun.verb", n.Topic)
	case n.Title.ID == "" || !isLine(n.Title.ID, maxTitle) || !isLine(n.Title.EN, maxTitle):
		return errors.New("notice: the title is not one line")
	case !isText(n.Body.ID, maxBody) || !isText(n.Body.EN, maxBody):
		return errors.New("notice: the body is too long or has control characters")
	case !isPath(n.Link):
		return fmt.Errorf("notice: link %q is not a path of the hub", n.Link)
	case !isLine(n.Key, maxKey):
		return errors.New("notice: the key is not one line")
	}
	return nil
}

func isLine(s string, most int) bool {
	return len(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func isText(s string, most int) bool {
	control := func(r rune) bool { return unicode.IsControl(r) && r != '\n' }
	return len(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, control)
}

// isPath accepts nothing that a browser could take for an address elsewhere.
func isPath(s string) bool {
	if s == "" {
		return true
	}
	foreign := func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }
	return len(s) <= maxLink && strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") && !strings.ContainsFunc(s, foreign)
}
