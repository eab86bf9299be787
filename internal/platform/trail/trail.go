package trail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// longest is how much of a text an event keeps, in bytes.
const longest = 500

// Append adds an event within the transaction of what it tells of. It sets the
// number, the origin and, where it has none, the time. Only a scope that covers
// the event's agency may; the nation's matters are the nation's.
func Append(ctx context.Context, tx *sqldb.Tx, e Event) error {
	if err := tx.Own(e.Agency); err != nil {
		return err
	}
	if e.At.IsZero() {
		e.At = time.Now()
	}
	if e.Origin == "" {
		e.Origin = Origin(ctx)
	}
	e.Subject, e.Detail, e.Origin = kept(e.Subject), kept(e.Detail), kept(e.Origin)
	head, err := nextHead(ctx, tx)
	if err != nil {
		return fmt.Errorf("audit trail: %w", err)
	}
	e.Seq = head.seq
	e.digest = e.chained(head.digest)
	if err := insertEvent(ctx, tx, e); err != nil {
		return fmt.Errorf("audit trail: %w", err)
	}
	return nil
}

// kept makes a text one line of bounded length.
func kept(text string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	if len(clean) <= longest {
		return clean
	}
	return strings.ToValidUTF8(clean[:longest-3], "") + "…"
}

// Filter narrows a list of events. A zero field does not.
type Filter struct {
	Account      simpul.AccountID // that they concern
	Actor        string
	Action       string // all of it, or a noun with a dot at its end: "key."
	Subject      string
	Agency       simpul.AgencyID
	Refused      bool
	Since, Until time.Time // from, and up to but not including
}

// List returns the events that the transaction's scope covers, newest first: at
// most limit, before the number where it is not 0.
func List(ctx context.Context, tx *sqldb.Tx, f Filter, before int64, limit int) ([]Event, error) {
	return listEvents(ctx, tx, f, before, limit)
}

// Prune drops the events before the time and returns how many there were. The
// trail then begins after the last of them.
func Prune(ctx context.Context, tx *sqldb.Tx, before time.Time) (int64, error) {
	last, err := lastBefore(ctx, tx, before)
	if errors.Is(err, sqldb.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return dropUntil(ctx, tx, last)
}

// Verify reads the whole trail and returns how many events it has. The error of
// a trail that was tampered with names the first event that does not fit.
func Verify(ctx context.Context, tx *sqldb.Tx) (events int64, err error) {
	head, err := currentHead(ctx, tx)
	if err != nil {
		return 0, err
	}
	seq, digest := head.beginsSeq, head.beginsFrom
	err = eachEvent(ctx, tx, func(e Event) error {
		if e.Seq != seq+1 || e.chained(digest) != e.digest {
			return damaged(seq + 1)
		}
		seq, digest = e.Seq, e.digest
		events++
		return nil
	})
	if err == nil && (seq != head.seq || digest != head.digest) {
		err = damaged(seq + 1)
	}
	return events, err
}

func damaged(seq int64) error {
	return &simpul.Error{
		Code: simpul.CodeInternal, Place: fmt.Sprintf("trail_event %d", seq),
		Message: simpul.Text{ID: fmt.Sprintf("Jejak audit tidak utuh mulai peristiwa %d.", seq), EN: fmt.Sprintf("The audit trail is not intact from event %d on.", seq)},
		Remedy:  simpul.Text{ID: "Bandingkan dengan cadangan basis data, dan laporkan kepada petugas keamanan.", EN: "Compare it with a backup of the database, and report it to the security officer."},
	}
}
