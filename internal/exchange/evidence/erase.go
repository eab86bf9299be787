package evidence

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// ActionDestroy is the name of the act that needs a second person.
const ActionDestroy = "evidence-key.destroy"

// KeyEnd tells of a key that was destroyed.
type KeyEnd struct {
	ID     string
	Class  simpul.LIDClass
	At     time.Time
	Actor  string
	Reason string // of two people; empty where its retention was over
	month  int
}

// KeyLine is one key, for people.
type KeyLine struct {
	ID    string
	Class simpul.LIDClass
	Month time.Time // its first moment, UTC
	Until time.Time // from then on nothing is sealed with it, and it can be destroyed
	Made  time.Time // zero once it is destroyed: that goes with it
	End   *KeyEnd   // nil: it lives
}

// KeyState is where a key is in its life.
type KeyState string

// The states, in the order of a life.
const (
	KeyPrepared  KeyState = "prepared"  // made ahead: its month has not begun
	KeySealing   KeyState = "sealing"   // records are sealed with it
	KeyOpening   KeyState = "opening"   // its month is over: it only opens
	KeyDue       KeyState = "due"       // its retention is over: a night will destroy it
	KeyDestroyed KeyState = "destroyed" // and with it the personal part of its records
)

// Due is when the nightly sweep may destroy the key of a class that is kept for so many days.
func (l KeyLine) Due(days map[simpul.LIDClass]int) time.Time {
	return l.Until.AddDate(0, 0, days[l.Class])
}

// State is where the key is at the time.
func (l KeyLine) State(days map[simpul.LIDClass]int, now time.Time) KeyState {
	switch {
	case l.End != nil:
		return KeyDestroyed
	case l.Month.After(now):
		return KeyPrepared
	case l.Until.After(now):
		return KeySealing
	case l.Due(days).After(now):
		return KeyOpening
	}
	return KeyDue
}

// List returns every key, the newest month first, and in it the most open class.
func (k *Keys) List(ctx context.Context, p simpul.Principal) (all []KeyLine, err error) {
	err = k.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		stored, err := listKeys(ctx, tx)
		if err != nil {
			return err
		}
		ends, err := listEnds(ctx, tx)
		for _, s := range stored {
			line := keyLine(s.id, s.class, s.month, nil)
			line.Made = s.created
			all = append(all, line)
		}
		for _, e := range ends {
			all = append(all, keyLine(e.ID, e.Class, e.month, &e))
		}
		return err
	})
	slices.SortStableFunc(all, func(a, b KeyLine) int {
		return cmp.Or(b.Month.Compare(a.Month), cmp.Compare(classIndex(a.Class), classIndex(b.Class)))
	})
	return all, err
}

// removals lists up to where each journal was removed.
func (k *Keys) removals(ctx context.Context, p simpul.Principal) (all []Removal, err error) {
	err = k.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listRemovals(ctx, tx)
		return err
	})
	return all, err
}

func keyLine(id string, class simpul.LIDClass, month int, end *KeyEnd) KeyLine {
	return KeyLine{ID: id, Class: class, Month: startOf(month), Until: startOf(month + 1), End: end}
}

// Expire destroys the oldest key of the class if everything that it sealed is from
// before the time, and returns how many that were. It takes one at a time, and is called once
// a day: a clock that jumps ahead cannot cost more than that before somebody sees it.
func (k *Keys) Expire(ctx context.Context, class simpul.LIDClass, before time.Time) (n int64, err error) {
	err = k.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		stored, err := listKeys(ctx, tx)
		if err != nil {
			return err
		}
		stored = slices.DeleteFunc(stored, func(s storedKey) bool { return s.class != class })
		if len(stored) == 0 {
			return nil
		}
		oldest := stored[len(stored)-1]
		if startOf(oldest.month + 1).After(before) {
			return nil
		}
		n = 1
		return k.destroy(ctx, tx, oldest.id, trail.Event{Actor: trail.Hub}, "")
	})
	if err != nil || n == 0 {
		return 0, err
	}
	return n, k.read(ctx)
}

// Destruction is a key that somebody wants to be destroyed: what a proposal holds.
type Destruction struct {
	Key    string `json:"key"`
	Reason string `json:"reason"`
}

// ReadDestruction reads what a proposal has as its content.
func ReadDestruction(content []byte) (d Destruction, err error) {
	if err := json.Unmarshal(content, &d); err != nil {
		return Destruction{}, fmt.Errorf("decode destruction: %w", err)
	}
	return d, nil
}

// Proposer puts before a second person what one alone must not do.
type Proposer interface {
	Propose(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, action, subject string, agency simpul.AgencyID, before, content []byte, why string) (id string, err error)
}

// ProposeDestruction asks for a key to be destroyed before its time, and returns the
// proposal's ID. A key whose month is not over is refused: it still seals.
func (k *Keys) ProposeDestruction(ctx context.Context, p simpul.Principal, with Proposer, key, reason string) (id string, err error) {
	reason = strings.TrimSpace(reason)
	if err := checkReason(reason); err != nil {
		return "", err
	}
	content, err := json.Marshal(Destruction{key, reason})
	if err != nil {
		return "", err
	}
	err = k.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := k.destroyable(ctx, tx, key); err != nil {
			return err
		}
		before, err := k.Present(ctx, tx, key)
		if err != nil {
			return err
		}
		id, err = with.Propose(ctx, tx, p, ActionDestroy, key, "", before, content, reason)
		return err
	})
	return id, sqldb.Coded(err, kindKey, key)
}

var kindKey = simpul.Text{ID: "Kunci", EN: "Key"}

func checkReason(reason string) error {
	control := func(r rune) bool { return r < ' ' || r == 0x7f }
	if reason != "" && utf8.ValidString(reason) && utf8.RuneCountInString(reason) <= 500 && !strings.ContainsFunc(reason, control) {
		return nil
	}
	return simpul.Invalid("reason",
		simpul.Text{ID: "Alasan belum ditulis, atau lebih dari 500 karakter.", EN: "The reason is missing, or longer than 500 characters."},
		simpul.Text{ID: "Tulis satu kalimat dengan dasar hukumnya.", EN: "Write one sentence with its legal basis."})
}

// Present returns the key as a proposal remembers it: that it lives.
func (k *Keys) Present(ctx context.Context, tx *sqldb.Tx, key string) ([]byte, error) {
	if err := k.destroyable(ctx, tx, key); err != nil {
		if simpul.CodeOf(err) == simpul.CodeInternal {
			return nil, err
		}
		return nil, nil
	}
	return json.Marshal(Destruction{Key: key})
}

// destroyable says why a key cannot be destroyed now.
func (k *Keys) destroyable(ctx context.Context, tx *sqldb.Tx, key string) error {
	stored, err := listKeys(ctx, tx)
	if err != nil {
		return err
	}
	for _, s := range stored {
		if s.id == key && startOf(s.month+1).After(k.now()) {
			return notOverYet(key)
		}
		if s.id == key {
			return nil
		}
	}
	ended, err := endedKeys(ctx, tx)
	if err != nil {
		return err
	}
	if _, was := ended[key]; was {
		return destroyedAlready(key)
	}
	return simpul.NotFound(kindKey, key)
}

// DestroyApproved destroys a key that a second person has approved. The keys in
// memory, of every process, follow the revision log.
func (k *Keys) DestroyApproved(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, content []byte) error {
	d, err := ReadDestruction(content)
	if err != nil {
		return err
	}
	if err := k.destroyable(ctx, tx, d.Key); err != nil {
		return err
	}
	return k.destroy(ctx, tx, d.Key, trail.By(p, "", "", ""), d.Reason)
}

// destroy writes over the key, deletes it, and notes its end: within the transaction,
// and for ever.
func (k *Keys) destroy(ctx context.Context, tx *sqldb.Tx, id string, by trail.Event, reason string) error {
	class, month, ok := parseKeyID(id)
	if !ok {
		return simpul.NotFound(kindKey, id)
	}
	if err := tx.Revise(ctx, revisionKey, id); err != nil { // first: of two at the same time one waits here
		return err
	}
	there, err := wipeKey(ctx, tx, id)
	if err != nil {
		return err
	}
	if !there {
		return destroyedAlready(id)
	}
	if err := k.destroyed(ctx, tx, keyLine(id, class, month, nil)); err != nil {
		return err
	}
	by.Action, by.Subject, by.Detail = ActionDestroy, id, reason
	if err := insertEnd(ctx, tx, KeyEnd{ID: id, Class: class, At: k.now(), Actor: by.Actor, Reason: reason, month: month}); err != nil {
		return err
	}
	return trail.Append(ctx, tx, by)
}

// parseKeyID reads what keyID writes.
func parseKeyID(id string) (class simpul.LIDClass, month int, ok bool) {
	name, date, _ := strings.Cut(id, "/")
	class, err := simpul.ParseLIDClass(name)
	if err != nil {
		return "", 0, false
	}
	at, err := time.Parse("2006-01", date)
	if err != nil {
		return "", 0, false
	}
	return class, monthOf(at), keyID(class, monthOf(at)) == id
}
