package main

import (
	"errors"
	"fmt"
	"strings"

	"simpul"
)

// Exit statuses of every command, except that diff follows diff(1).
const (
	statusFailed = 1
	statusUsage  = 2
)

// failure ends a command with a status of its own. Without an error there is
// nothing to say.
type failure struct {
	err    error
	status int
}

func (f *failure) Error() string { return fmt.Sprint(f.err) }
func (f *failure) Unwrap() error { return f.err }

// usage marks an error of the one who typed the command.
func usage(err error) error { return &failure{err, statusUsage} }

// report says each error on its own line and returns the exit status.
func (c *console) report(err error) int {
	if err == nil {
		return 0
	}
	status := statusFailed
	if f, ok := errors.AsType[*failure](err); ok {
		status, err = f.status, f.err
	}
	for _, e := range separate(err) {
		fmt.Fprintln(c.stderr, printable(c.line(e)))
	}
	return status
}

// separate takes joined errors apart.
func separate(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	switch {
	case err == nil:
		return nil
	case !ok:
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, separate(e)...)
	}
	return all
}

// line is "FILE:LINE: what is wrong — what to do", the form that editors jump to.
func (c *console) line(err error) string {
	e, ok := errors.AsType[*simpul.Error](err)
	if r, refused := errors.AsType[*refusal](err); !ok && refused {
		e, ok = r.at("", r.what()), true
	}
	if !ok {
		return "simpul: " + err.Error()
	}
	place := e.Place
	if place == "" {
		place = "simpul"
	}
	return place + ": " + sentence(e.Message.In(c.lang), e.Remedy.In(c.lang))
}

func sentence(what, remedy string) string {
	if remedy == "" {
		return what
	}
	if !strings.HasSuffix(what, "...") {
		what = strings.TrimSuffix(what, ".")
	}
	return what + " — " + remedy
}

// text fills both languages of a sentence with the same arguments.
func text(id, en string, args ...any) simpul.Text {
	return simpul.Text{ID: fmt.Sprintf(id, args...), EN: fmt.Sprintf(en, args...)}
}

// placeless is an error of the vocabulary about something typed on the command
// line, where a place within a request would only puzzle.
func placeless(err error) error {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		return err
	}
	plain := *e
	plain.Place = ""
	return &plain
}
