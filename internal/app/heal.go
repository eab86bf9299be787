package app

import (
	"context"
	"os"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/metering"
	"simpul/internal/platform/sqldb"
)

// healInterval is how long a journal that refused waits before it is tried
// again: a full disk may have room by then.
const healInterval = 2 * time.Second

// heal reopens the journal after it failed to write, until ctx ends. Reopening
// verifies what is on disk; until it succeeds, no exchange that must be recorded
// takes place. People are told when it stops and when it goes on.
func (h *Hub) heal(ctx context.Context) {
	tick := time.NewTicker(healInterval)
	defer tick.Stop()
	var now stoppage
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now = h.mend(ctx, now)
	}
}

// stoppage is a time in which the journal takes no records; the zero value is none.
type stoppage struct {
	since time.Time
	cause error
	told  bool // people know
}

// mend tries to end a stoppage, and returns what is left of it.
func (h *Hub) mend(ctx context.Context, s stoppage) stoppage {
	cause := h.journal.Err()
	if cause == nil {
		return stoppage{}
	}
	if s.since.IsZero() {
		s = stoppage{since: time.Now().UTC(), cause: cause}
	}
	if err := h.journal.Reopen(); err != nil {
		h.log.ErrorContext(ctx, "journal still refuses records", "cause", cause, "error", err)
		s.told = s.told || h.tell(ctx, s.stopped(), "") // a database on the same disk may fail too
		return s
	}
	h.log.WarnContext(ctx, "journal accepts records again", "cause", cause)
	h.tell(ctx, s.resumed(time.Now().UTC()), s.key())
	return stoppage{}
}

// stopped is the sentence of the probe for load balancers.
func (h *Hub) stopped() string {
	what, remedy := evidence.TroubleOf(h.journal.Err()).Says()
	return "journal does not accept records. " + what.EN + ". " + remedy.EN
}

func (s stoppage) key() string {
	return "journal-stopped-" + hostname() + "-" + s.since.Format(time.RFC3339)
}

func (s stoppage) stopped() simpul.Notice {
	what, remedy := evidence.TroubleOf(s.cause).Says()
	at := s.since.Format("2006-01-02 15:04") + " UTC"
	return simpul.Notice{
		Topic: "journal.stop", Key: s.key(), Holding: simpul.WriteRetention, Link: metering.HubPath, Urgent: true,
		Title: simpul.Text{ID: "Pertukaran berhenti: " + what.ID, EN: "Exchanges have stopped: " + what.EN},
		Body: simpul.Text{
			ID: "Sejak " + at + ", mesin " + hostname() + " menolak panggilan karena buktinya tidak dapat dicatat. " + remedy.ID,
			EN: "Since " + at + ", machine " + hostname() + " refuses calls, since their evidence cannot be recorded. " + remedy.EN,
		},
	}
}

func (s stoppage) resumed(now time.Time) simpul.Notice {
	what, _ := evidence.TroubleOf(s.cause).Says()
	span := now.Sub(s.since).Round(time.Second).String()
	return simpul.Notice{
		Topic: "journal.resume", Key: s.key() + "-over", Holding: simpul.WriteRetention, Link: metering.HubPath,
		Title: simpul.Text{ID: "Pertukaran berjalan lagi", EN: "Exchanges go on again"},
		Body: simpul.Text{
			ID: what.ID + " di mesin " + hostname() + ". Selama " + span + " panggilan ditolak; sekarang bukti dicatat lagi. Cari sebabnya supaya tidak terulang.",
			EN: what.EN + " on machine " + hostname() + ". For " + span + " calls were refused; evidence is recorded again now. Find the cause, so that it does not return.",
		},
	}
}

// tell puts the notice into the operators' inboxes, and closes the one whose key is
// over, unless that is empty.
func (h *Hub) tell(ctx context.Context, n simpul.Notice, over string) bool {
	err := h.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := h.Notices.Done(ctx, tx, over); err != nil {
			return err
		}
		return h.Notices.Notify(ctx, tx, n)
	})
	if err != nil {
		h.log.ErrorContext(ctx, "the operators could not be told", "topic", n.Topic, "error", err)
	}
	return err == nil
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "?"
	}
	return name
}
