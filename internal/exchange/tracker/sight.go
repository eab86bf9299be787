package tracker

import (
	"bytes"
	"net/url"
	"slices"
	"sync"

	"simpul"
)

// mostNamed is how many different persons the record of an exchange names.
const mostNamed = 100

// Watcher finds out whose data exchanges are about. It is safe for concurrent use.
type Watcher struct{ keys *Keys }

// NewWatcher makes pseudonyms with the keys.
func NewWatcher(keys *Keys) *Watcher { return &Watcher{keys} }

// Watch names in the exchange whoever the called address names, and returns what
// sees the bodies; nil where the LID does not say where a NIK stands. It fails
// where there is no key for the month.
func (w *Watcher) Watch(x *simpul.Exchange, route *simpul.Route, below *url.URL) (*Sight, error) {
	subject, ok := route.Subject.(*Subject)
	if !ok {
		return nil, nil
	}
	k, err := w.keys.at(x.OpenedAt)
	if err != nil {
		return nil, err
	}
	s := &Sight{key: k}
	if subject.parameter != "" {
		for _, value := range simpul.ParameterValues(x.Operation, below, subject.parameter) {
			s.readAll(value)
		}
		s.Name(x)
	}
	if len(subject.request) > 0 {
		s.request = newFinder(subject.request, s.read)
	}
	if len(subject.answer) > 0 {
		s.answer = newFinder(subject.answer, s.read)
	}
	return s, nil
}

// Sight sees one exchange. It is safe for concurrent use. The numbers that it saw
// go with it; only pseudonyms stay.
type Sight struct {
	key *key

	mu              sync.Mutex
	request, answer *finder // nil: the LID does not say that a NIK stands there
	seen            []simpul.NIK
	named           []simpul.Pseudonym
	unnamed         int
}

// Request sees a part of the body of the call.
func (s *Sight) Request(part []byte) { s.look(s.request, part) }

// Answer sees a part of the provider's answer.
func (s *Sight) Answer(part []byte) { s.look(s.answer, part) }

// ReadsAnswer reports whether answers are looked at.
func (s *Sight) ReadsAnswer() bool { return s.answer != nil }

func (s *Sight) look(f *finder, part []byte) {
	if f == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f.write(part)
}

// Name names in the exchange everybody who was seen so far.
func (s *Sight) Name(x *simpul.Exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, nik := range s.seen[len(s.named):] {
		s.named = append(s.named, s.key.pseudonym(nik))
	}
	x.Persons, x.Unnamed = s.named, s.unnamed
}

// readAll reads a value that may list several, with commas between them.
func (s *Sight) readAll(value string) {
	for len(value) > 0 {
		one, rest, _ := bytes.Cut([]byte(value), []byte(","))
		s.read(one)
		value = string(rest)
	}
}

// read takes a value that is a NIK. What is none is nobody's, and beyond
// mostNamed only counts: somebody who comes twice there counts twice.
func (s *Sight) read(value []byte) {
	nik, err := simpul.ParseNIK(string(bytes.TrimSpace(value)))
	switch {
	case err != nil, slices.Contains(s.seen, nik):
	case len(s.seen) == mostNamed:
		s.unnamed++
	default:
		s.seen = append(s.seen, nik)
	}
}
