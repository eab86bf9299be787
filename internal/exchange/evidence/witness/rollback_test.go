package witness

import (
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/testkit"
)

// After a restore of the hub's whole data from an older backup the witness is the
// one who knows.
func TestAnOlderBackupIsRecognisedByTheWitness(t *testing.T) {
	s := newScene(t, "a.go.id")
	s.log.grow("a", 95)
	s.round().want(Cosigned, "")

	s.db, s.told.all = testkit.SQLite(t), nil // the database is as old as the log
	s.log.put(40)
	s.restart()
	s.round().lasts().want(Later, WitnessClaims)
	if got := s.g.watches[0].standing; got.Claimed != 100 || s.told.topics() != "witness.disputed" {
		t.Errorf("%+v, told of %q", got, s.told.topics())
	}
	if n := s.told.all[0]; !n.Urgent || n.Agency != "" || n.Holding != simpul.EnrolHubs || !strings.Contains(n.Body.ID, "100 entri") || !strings.Contains(n.Body.ID, "cadangan yang lebih lama") {
		t.Errorf("%+v", n)
	}

	// It grows on from there, and is now another tree.
	s.log.grow("b", 200)
	s.round().want(Fork, WitnessClaims)
	if s.told.topics() != "witness.disputed witness.disputed" {
		t.Errorf("told of %q", s.told.topics())
	}
	// Neither silence nor a restart settles that, and nobody is told again.
	delete(s.net, "a.go.id")
	s.round().want(Fork, WitnessClaims)
	s.restart()
	s.round().want(Fork, WitnessClaims)
	if r := s.g.Report(); r.State != Disputed || r.Cosigned != 0 || s.told.topics() != "witness.disputed witness.disputed" {
		t.Errorf("%+v, told of %q", r, s.told.topics())
	}
}

// Where only the log was put back, the hub holds the evidence itself.
func TestAnOlderLogIsRecognisedWithoutAnyWitness(t *testing.T) {
	s := newScene(t, "a.go.id")
	s.log.grow("a", 95)
	s.round().want(Cosigned, "")
	delete(s.net, "a.go.id")
	s.log.put(40)
	s.restart()
	s.round().lasts().want(Later, OwnEvidence)
	s.log.grow("b", 60)
	s.round().want(Fork, OwnEvidence) // of the same size
	s.log.grow("b", 60)
	s.round().want(Fork, OwnEvidence)
	if signed, err := s.g.Cosigned(t.Context(), 1); signed != nil || err != nil {
		t.Errorf("an entry of now is proven by a tree of before: %s, %v", signed, err)
	}
	s.log.put(40)
	s.log.grow("a", 200) // the right backup was found
	lying(s, s.roles[0].Handler().ServeHTTP)
	s.round().want(Cosigned, "")
	if signed, _ := s.g.Cosigned(t.Context(), 1); signed == nil {
		t.Error("what was cosigned is evidence and must stay")
	}
}

// rebuilt is a log that says how far it is behind its journal.
type rebuilt struct {
	*tree
	behind uint64
}

func (l *rebuilt) Behind() uint64 { return l.behind }

// A log that is gone is built again from the journal; while it is shorter than
// what witnesses saw, nobody is alarmed.
func TestALogThatIsBuiltAgainIsNoRollback(t *testing.T) {
	s := newScene(t, "a.go.id")
	s.log.grow("a", 95)
	s.round().want(Cosigned, "")
	s.log.put(40)
	l := &rebuilt{s.log, building}
	s.g.log = l
	s.round().lasts().want(Cosigned, "")
	s.log.grow("a", 60)
	s.round().want(Cosigned, "")
	s.log.put(40)
	s.round().want(Cosigned, "") // a moment is no rollback either
	l.behind = 10
	s.lasts().want(Later, OwnEvidence)
	if s.told.topics() != "witness.disputed" {
		t.Errorf("told of %q", s.told.topics())
	}
}

// A hub that lost its database asks from the beginning, and learns where the
// witness is.
func TestAHubThatForgotLearnsFromTheWitness(t *testing.T) {
	s := newScene(t, "a.go.id")
	s.round().want(Cosigned, "")
	s.db = testkit.SQLite(t)
	s.log.grow("a", 50)
	s.restart()
	s.round().want(Cosigned, "")
	if at := s.roles[0].Logs()[0].Size; at != 55 {
		t.Errorf("the witness is at %d", at)
	}
}
