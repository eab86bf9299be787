package resource

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"simpul"
)

// maxFaults bounds how many faults of one file are told at once.
const maxFaults = 20

// faults gathers what is wrong in one file, so that a person mends it in one go.
type faults struct {
	file        string
	list        []fault
	codesAsKeys bool // a whole number may be a key
}

type fault struct {
	line int
	*simpul.Error
}

// add notes a fault at a line, once; its place becomes FILE:LINE.
func (f *faults) add(line int, message, remedy simpul.Text) {
	told := slices.ContainsFunc(f.list, func(earlier fault) bool { return earlier.line == line && earlier.Message == message })
	if !told && len(f.list) < maxFaults {
		f.list = append(f.list, fault{line, simpul.Invalid(place(f.file, line), message, remedy)})
	}
}

// addAt notes an error of the vocabulary at a line.
func (f *faults) addAt(line int, err error) {
	if e, ok := errors.AsType[*simpul.Error](err); ok {
		f.add(line, e.Message, e.Remedy)
	}
}

// err is nil, or every fault joined, in the order of the file.
func (f *faults) err() error {
	slices.SortStableFunc(f.list, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	all := make([]error, len(f.list))
	for i, told := range f.list {
		all[i] = told.Error
	}
	return errors.Join(all...)
}

func place(file string, line int) string { return file + ":" + strconv.Itoa(line) }

// text fills both languages of a sentence with the same arguments.
func text(id, en string, args ...any) simpul.Text {
	return simpul.Text{ID: fmt.Sprintf(id, args...), EN: fmt.Sprintf(en, args...)}
}

// quote shows a piece of the input: cut short, and safe for a terminal.
func quote(s string) string {
	const longest = 60
	if runes := []rune(s[:min(len(s), 4*longest)]); len(runes) > longest {
		s = string(runes[:longest]) + "…"
	}
	return strconv.Quote(s)
}
