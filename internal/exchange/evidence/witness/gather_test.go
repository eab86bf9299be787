package witness

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"simpul"
)

func TestWitnessesCosignAndOneNoteHoldsThem(t *testing.T) {
	s := newScene(t, "a.go.id", "b.go.id")
	s.round()
	s.want(Cosigned, "")
	s.log.grow("a", 300)
	s.clock.pass(time.Minute)
	s.round()

	signed, err := s.g.Cosigned(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	logKey, err := note.NewVerifier(s.log.vkey)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(signed, note.VerifierList(logKey, s.peers[0].Key, s.peers[1].Key))
	if err != nil || len(n.Sigs) != 3 {
		t.Fatalf("%v in\n%s", err, signed)
	}
	if c, err := ParseCheckpoint(n.Text); err != nil || c.Size != 305 {
		t.Errorf("%+v, %v", c, err)
	}
	if signed, err := s.g.Cosigned(t.Context(), 306); signed != nil || err != nil {
		t.Errorf("an entry that is not there yet: %s, %v", signed, err)
	}
	r := s.g.Report()
	if r.State != Vouched || r.Cosigned != 2 || r.Independent != 2 || r.Size != 305 || !r.Newest.Equal(noon.Add(time.Minute)) {
		t.Errorf("%+v", r)
	}
	if s.told.topics() != "" {
		t.Errorf("told of %s", s.told.topics())
	}
}

// Of the checkpoints that cover an entry, the one that most witnesses cosigned.
func TestTheBestProofHasTheMostWitnesses(t *testing.T) {
	s := newScene(t, "a.go.id", "b.go.id")
	s.round()
	delete(s.net, "b.go.id")
	s.log.grow("a", 10)
	s.round()
	for atLeast, want := range map[uint64]string{1: "\n5\n", 5: "\n5\n", 6: "\n15\n"} {
		signed, err := s.g.Cosigned(t.Context(), atLeast)
		if err != nil || !bytes.Contains(signed, []byte(want)) {
			t.Errorf("from %d: %v in\n%s", atLeast, err, signed)
		}
	}
}

// lying is a witness that answers as a test likes, and knows the true one.
func lying(s *scene, answer http.HandlerFunc) { s.net["a.go.id"] = answer }

func TestWhatWitnessesMayAnswer(t *testing.T) {
	honest := func(s *scene, at time.Time) string { // a true cosignature, made at a time
		return s.roles[0].signer.Cosign(textOf(s.t, s.log.at(s.log.Size())), at)
	}
	say := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); io.WriteString(w, text) }
	}
	size := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", sizeType)
			w.WriteHeader(http.StatusConflict)
			io.WriteString(w, text)
		}
	}
	for name, c := range map[string]struct {
		answer func(*scene) http.HandlerFunc
		state  State
		reason Reason
	}{
		"nobody there":            {nil, Unreachable, ""},
		"dead":                    {func(*scene) http.HandlerFunc { return say(503, "") }, Unreachable, ""},
		"too busy":                {func(*scene) http.HandlerFunc { return say(429, "") }, Unreachable, ""},
		"follows another log":     {func(*scene) http.HandlerFunc { return say(404, "") }, Refusing, UnknownLog},
		"knows another key":       {func(*scene) http.HandlerFunc { return say(403, "") }, Refusing, UnknownKey},
		"moved away":              {func(*scene) http.HandlerFunc { return say(302, "") }, Faulty, BadAnswer},
		"nothing":                 {func(*scene) http.HandlerFunc { return say(200, "") }, Faulty, BadAnswer},
		"a page":                  {func(*scene) http.HandlerFunc { return say(200, "<html>\n") }, Faulty, BadAnswer},
		"a huge answer":           {func(*scene) http.HandlerFunc { return say(200, strings.Repeat("x", 10<<20)) }, Faulty, BadAnswer},
		"a huge conflict":         {func(*scene) http.HandlerFunc { return size(strings.Repeat("9", 10<<20)) }, Faulty, BadAnswer},
		"a size that is none":     {func(*scene) http.HandlerFunc { return size("-1\n") }, Faulty, BadAnswer},
		"contradicts itself":      {func(*scene) http.HandlerFunc { return size("0\n") }, Faulty, BadAnswer},
		"refuses a tree at once":  {func(*scene) http.HandlerFunc { return say(422, "") }, Faulty, BadProof},
		"changes its mind":        {func(*scene) http.HandlerFunc { return mind(size) }, Faulty, BadAnswer},
		"has seen a later tree":   {func(*scene) http.HandlerFunc { return size("900\n") }, Later, WitnessClaims},
		"another's signature":     {func(s *scene) http.HandlerFunc { return say(200, impostor(s)) }, Faulty, BadSignature},
		"another's key":           {func(s *scene) http.HandlerFunc { return say(200, other(s)) }, Faulty, BadSignature},
		"another tree's":          {func(s *scene) http.HandlerFunc { return say(200, otherTree(s)) }, Faulty, BadSignature},
		"an old signature":        {func(s *scene) http.HandlerFunc { return say(200, honest(s, noon.Add(-time.Hour))) }, Faulty, ClockBehind},
		"one from the future":     {func(s *scene) http.HandlerFunc { return say(200, honest(s, noon.Add(time.Hour))) }, Faulty, ClockAhead},
		"half a line":             {func(s *scene) http.HandlerFunc { return say(200, strings.TrimSuffix(honest(s, noon), "\n")) }, Faulty, BadAnswer},
		"other keys beside its":   {func(s *scene) http.HandlerFunc { return say(200, other(s)+honest(s, noon)) }, Cosigned, ""},
		"a clock somewhat behind": {func(s *scene) http.HandlerFunc { return say(200, honest(s, noon.Add(-time.Minute))) }, Cosigned, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, "a.go.id")
			if delete(s.net, "a.go.id"); c.answer != nil {
				lying(s, c.answer(s))
			}
			if s.round(); c.state == Later {
				s.lasts()
			}
			s.want(c.state, c.reason)
			if signed, err := s.g.Cosigned(t.Context(), 1); (signed != nil) != (c.state == Cosigned) || err != nil {
				t.Errorf("kept: %s, %v", signed, err)
			}
			if want := c.state.Disputes(); want != strings.Contains(s.told.topics(), "disputed") {
				t.Errorf("told of %q", s.told.topics())
			}
		})
	}
}

// mind names another size each time.
func mind(size func(string) http.HandlerFunc) http.HandlerFunc {
	sizes := []string{"1\n", "2\n", "3\n", "4\n", "1\n"}
	return func(w http.ResponseWriter, r *http.Request) {
		size(sizes[0])(w, r)
		sizes = sizes[1:]
	}
}

func impostor(s *scene) string {
	line := newSigner("a.go.id", make([]byte, 32)).Cosign(textOf(s.t, s.log.at(5)), noon)
	return line
}

func other(s *scene) string {
	return newSigner("lain.go.id", make([]byte, 32)).Cosign(textOf(s.t, s.log.at(5)), noon)
}

func otherTree(s *scene) string {
	return s.roles[0].signer.Cosign(textOf(s.t, s.log.at(4)), noon)
}

// A witness that proves wrong about a right proof is at fault; the log is not.
func TestARightProofThatIsRefused(t *testing.T) {
	s := newScene(t, "a.go.id")
	s.round()
	s.log.grow("a", 5)
	lying(s, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnprocessableEntity) })
	s.round().want(Faulty, BadProof)
}

// A witness that comes and goes is left in peace for longer and longer, counts for
// ten minutes, and is welcome back.
func TestAFlappingWitness(t *testing.T) {
	s := newScene(t, "a.go.id")
	up := s.net["a.go.id"]
	s.round()
	delete(s.net, "a.go.id")
	var waits []time.Duration
	for range 12 {
		s.clock.pass(20 * time.Second)
		s.round()
		waits = append(waits, s.g.watches[0].notBefore.Sub(s.clock.now()))
	}
	for i, d := range waits {
		want := min(firstBackoff<<i, mostBackoff)
		if d < want*8/10 || d > want*12/10 {
			t.Errorf("after %d failures: %v", i+1, d)
		}
	}
	if r := s.g.Report(); r.State != Vouched || r.Cosigned != 1 {
		t.Errorf("after four minutes: %+v", r)
	}
	s.clock.pass(7 * time.Minute)
	if r := s.g.Report(); r.State != Awaiting || r.Cosigned != 0 {
		t.Errorf("after eleven minutes: %+v", r)
	}
	s.net["a.go.id"] = up
	s.round().want(Cosigned, "")
	if w := s.g.watches[0]; w.notBefore.After(s.clock.now()) || w.standing.Failures != 0 {
		t.Errorf("%+v", w.standing)
	}
}

// Of one silence people are told once, over restarts too.
func TestSilenceIsToldOnce(t *testing.T) {
	s := newScene(t, "a.go.id")
	s.round()
	up := s.net["a.go.id"]
	delete(s.net, "a.go.id")
	keys := func() map[string]bool { // as the inbox drops what has a key that it knows
		all := map[string]bool{}
		for _, n := range s.told.all {
			all[n.Key] = true
		}
		return all
	}
	for range 12 {
		s.clock.pass(time.Minute)
		s.round()
		s.g.hush(t.Context())
	}
	if s.told.topics() != "witness.silent" || !strings.Contains(s.told.all[0].Body.ID, "12:00 WIB") {
		t.Fatalf("told of %q: %+v", s.told.topics(), s.told.all)
	}
	s.restart()
	s.g.hush(t.Context())
	if len(keys()) != 1 {
		t.Errorf("told of %v", keys())
	}
	s.net["a.go.id"] = up
	s.round()
	s.g.hush(t.Context())
	s.clock.pass(time.Hour)
	delete(s.net, "a.go.id")
	s.round()
	s.g.hush(t.Context())
	if len(keys()) != 2 {
		t.Errorf("another silence is another matter: %v", keys())
	}
}

// Witnesses run beside each other: one hangs, one answers.
func TestOneThatHangsHoldsUpNobody(t *testing.T) {
	s := newScene(t, "a.go.id", "b.go.id")
	s.net["a.go.id"] = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	cosigned := make(chan uint64, 100)
	role := s.roles[1]
	s.net["b.go.id"] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		role.Handler().ServeHTTP(w, r)
		cosigned <- role.Logs()[0].Size
	})
	s.g.pace = pace{look: time.Millisecond, pause: time.Millisecond, interval: time.Millisecond, deadline: time.Hour, startup: time.Hour}
	s.g.now = func() time.Time { return time.Now().UTC() }
	role.now = s.g.now

	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.g.Run(ctx) })
	for range 3 {
		before := s.log.Size()
		s.log.grow("a", 7)
		for <-cosigned <= before {
		}
	}
	stop()
	running.Wait() // the hanging visit ends with the process
	if r := s.g.Report(); r.Cosigned != 1 || r.Witnesses[0].State != Waiting {
		t.Errorf("%+v", r)
	}
}

// A slow witness is given up after the deadline.
func TestADeadline(t *testing.T) {
	s := newScene(t, "a.go.id")
	s.net["a.go.id"] = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	s.g.pace.deadline = time.Millisecond
	s.round().want(Unreachable, "")
}

func TestAnEmptyLogIsNotSent(t *testing.T) {
	s := newScene(t, "a.go.id")
	s.log.put(0)
	s.g.hand(t.Context())
	select {
	case r := <-s.g.watches[0].next:
		t.Errorf("sent %+v", r)
	default:
	}
}

func TestReports(t *testing.T) {
	s := newScene(t, "a.go.id", "b.go.id")
	s.peers[1].Own = true
	service := New(s.db, s.peers, s.clock.now)
	state := func() Report {
		t.Helper()
		all, err := service.Reports(t.Context(), simpul.NationScope())
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		return all[0]
	}
	if r := state(); r.State != Awaiting || len(r.Witnesses) != 2 || r.Origin != "" {
		t.Errorf("before there is a log: %+v", r)
	}
	s.round()
	if r := state(); r.State != Vouched || r.Origin != origin || r.Cosigned != 2 || r.Independent != 1 {
		t.Errorf("%+v", r)
	}
	if r, _ := New(s.db, nil, s.clock.now).Reports(t.Context(), simpul.NationScope()); r[0].State != NoWitness {
		t.Errorf("without witnesses: %+v", r)
	}
	want := []string{"# A.GO.ID", "witness " + s.peers[0].Key.String()}
	if lines, err := service.KeyLines(t.Context()); err != nil || len(lines) != 4 || lines[0] != want[0] || lines[1] != want[1] || !strings.Contains(lines[2], "bukan saksi independen") {
		t.Errorf("%q", lines)
	}
	s.clock.pass(25 * time.Hour)
	if r := state(); r.Origin != "" {
		t.Errorf("a log that nobody tends any more: %+v", r)
	}
	service.Own(origin)
	if r := state(); r.Origin != origin || r.State != Awaiting {
		t.Errorf("our own: %+v", r)
	}
}

func TestParsePeer(t *testing.T) {
	key := newSigner(bpk, make([]byte, 32)).Key
	if p, err := ParsePeer("w", "BPK", "https://saksi.bpk.go.id/x/", key.String(), true); err != nil || p != (Peer{"BPK", "https://saksi.bpk.go.id/x", key, true}) {
		t.Errorf("%+v, %v", p, err)
	}
	for place, in := range map[string][3]string{
		"w.name": {"  ", "https://a", key.String()},
		"w.url":  {"A", "ftp://a", key.String()},
		"w.vkey": {"A", "https://a", key.String() + "x"},
	} {
		_, err := ParsePeer("w", in[0], in[1], in[2], false)
		if e, ok := errors.AsType[*simpul.Error](err); !ok || e.Place != place {
			t.Errorf("%s: %v", place, err)
		}
	}
	for _, u := range []string{"", "a", "https://", "https://a:b@c", "https://a?b", "https://a#b"} {
		if _, err := ParsePeer("w", "A", u, key.String(), false); err == nil {
			t.Errorf("%q passes", u)
		}
	}
}
