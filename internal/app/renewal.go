package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"simpul"
	"simpul/internal/exchange/derived"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/ledger"
	"simpul/internal/exchange/evidence/witness"
	"simpul/internal/exchange/metering"
	"simpul/internal/exchange/tracker"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/sqldb"
)

// Renewal says that a journal has ended and which one goes on for it.
type Renewal struct {
	Ended     string // empty: there was no journal to end
	Last      uint64 // its last record
	Entries   uint64 // of its log
	Successor string
}

// renewJournal ends the journal in the data folder as it is, and begins another one with a
// log of its own, which says so in its first record. No hub may be running on it.
func renewJournal(data, cause string, at time.Time) (r Renewal, err error) {
	taken, err := evidence.Take(data)
	if err != nil || len(taken.Segments) == 0 {
		return r, err
	}
	j, err := evidence.OpenJournal(data, evidence.Options{})
	if err != nil {
		return r, err
	}
	ending, err := ledger.Complete(data, j, evidence.Ending{At: at, Cause: cause})
	if err != nil {
		return r, errors.Join(err, j.Close())
	}
	if ending, err = j.End(ending); err != nil {
		return r, err
	}
	next, err := evidence.OpenJournal(data, evidence.Options{})
	if err != nil {
		return r, err
	}
	return Renewal{ending.Journal, ending.Last, ending.Entries, next.ID().String()}, next.Close()
}

// RenewJournal ends the journal of a stopped hub and begins another one, for a reason that
// somebody gives: the store is an older one, and was not known to be when it was brought.
func RenewJournal(c config.Config, reason string) (Renewal, error) {
	if err := unchecked(c); err != nil {
		return Renewal{}, err
	}
	r, err := renewJournal(c.Data, reason, clock.System())
	if err == nil && r.Ended == "" {
		err = noJournal(c.Data)
	}
	return r, err
}

func noJournal(data string) error {
	return &simpul.Error{
		Code: simpul.CodeNotFound, Place: data,
		Message: simpul.Text{ID: "Folder data ini tidak memuat jurnal.", EN: "This data folder holds no journal."},
		Remedy:  simpul.Text{ID: "Sebutkan folder data sebuah gerbang dengan --data.", EN: "Name the data folder of a gateway with --data."},
	}
}

// earlier is a journal of this data folder that has ended. It takes no record; what is
// derived from it is still brought up to date, and made anew where that is asked for.
type earlier struct {
	evidence.Ending
	journal   *evidence.Journal
	log       *ledger.Ledger
	index     *evidence.Index
	meter     *metering.Meter
	following *tracker.Follower
	cleaner   *evidence.Cleaner
}

// openEarlier opens the journals that the one of this process went on for. One that cannot
// be opened keeps nobody from making exchanges: its records are missed, and it is said.
func (h *Hub) openEarlier(ctx context.Context) error {
	if !h.indexes() {
		return nil
	}
	if err := h.mustReach(ctx); err != nil {
		return err
	}
	endings, err := evidence.Endings(h.config.Data)
	if err != nil {
		h.log.Error("journals that have ended cannot be read", "error", err)
		return nil
	}
	keys := ledger.NewKeys(h.db, sealer{h.vault}, clock.System)
	for i, e := range endings {
		successor := h.journal.ID().String()
		if i+1 < len(endings) {
			successor = endings[i+1].Journal
		}
		if err := h.noteEnding(ctx, e, successor); err != nil {
			return err
		}
		one, err := h.follower(ctx, keys, e)
		if err != nil {
			h.log.Error("a journal that has ended cannot be opened; its exchanges cannot be proved now", "journal", e.Journal, "error", err)
			continue
		}
		h.earlier = append(h.earlier, one)
	}
	return nil
}

// mustReach refuses a journal that ends before what the index has read of it: records
// are lost, as where the data folder was put back to an older state. Going on would give
// their sequences to other records.
func (h *Hub) mustReach(ctx context.Context) error {
	all, err := h.Exchanges.Positions(ctx)
	for _, p := range all {
		if last := h.journal.Durable(); p.Journal == h.journal.ID().String() && p.Sequence > last {
			return tooShort(last, p.Sequence)
		}
	}
	return err
}

func tooShort(last, known uint64) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Place: "evidence",
		Message: simpul.Text{
			ID: fmt.Sprintf("Jurnal bukti berakhir pada catatan %d, padahal basis data sudah membacanya sampai %d: catatan di antaranya hilang.", last, known),
			EN: fmt.Sprintf("The evidence journal ends with record %d, and the database has read it up to %d: the records between are lost.", last, known),
		},
		Remedy: simpul.Text{
			ID: "Pulihkan folder evidence yang lengkap. Bila memang tidak ada lagi, akhiri jurnal ini dengan simpul evidence renew --reason …; jurnal baru melanjutkannya dan mengakui yang hilang.",
			EN: "Bring back the whole folder evidence. If there is none any more, end this journal with simpul evidence renew --reason …; a new one goes on for it and tells of what is lost.",
		},
	}
}

func (h *Hub) follower(ctx context.Context, keys *ledger.Keys, e evidence.Ending) (*earlier, error) {
	j, err := evidence.OpenEnded(h.config.Data, e, evidence.Options{Log: h.log})
	if err != nil {
		return nil, err
	}
	key, err := keys.Open(ctx, h.name(), e.Journal)
	if err != nil {
		return nil, errors.Join(err, j.Close())
	}
	log, err := ledger.New(h.config.Data, j, key, ledger.Options{Log: h.log})
	if err != nil {
		return nil, errors.Join(err, j.Close())
	}
	gatherer := witness.NewGatherer(h.db, log, h.Witnesses.Peers, h.Notices, nil, clock.System, h.log)
	log.Show(cosignedOnce{gatherer})
	h.Witnesses.Ended(log.Origin())
	one := &earlier{
		Ending: e, journal: j, log: log, index: evidence.NewIndex(h.db, j, h.log),
		meter:     metering.NewMeter(h.db, evidence.NewFeed(j), h.log, clock.System),
		following: tracker.NewFollower(h.db, personsFeed{evidence.NewFeed(j), unsealer{h.keys}}, h.log, clock.System),
	}
	one.cleaner = evidence.NewCleaner(h.db, j, h.keys, h.keptFor, clock.System,
		evidence.Follower{Name: "index", Position: one.index.Position},
		evidence.Follower{Name: "metering", Position: func() uint64 { return behind(j, one.meter.Lag) }},
		evidence.Follower{Name: "tracker", Position: func() uint64 { return behind(j, one.following.Lag) }},
	)
	return one, nil
}

// cosignedOnce gives a log that has ended what witnesses cosigned of it.
type cosignedOnce struct{ gatherer *witness.Gatherer }

func (c cosignedOnce) Cosigned(ctx context.Context, atLeast uint64) ([]byte, error) {
	return c.gatherer.Held(ctx, atLeast)
}

// noteEnding writes down that a journal has ended, and tells the operators, once.
func (h *Hub) noteEnding(ctx context.Context, e evidence.Ending, successor string) error {
	return h.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		news, err := evidence.NoteEnding(ctx, tx, e, successor)
		if err != nil || !news {
			return err
		}
		h.log.Warn("the journal has ended and another one goes on", "ended", e.Journal, "last", e.Last, "successor", successor, "cause", e.Cause)
		return h.Notices.Notify(ctx, tx, renewed(e, successor))
	})
}

func renewed(e evidence.Ending, successor string) simpul.Notice {
	return simpul.Notice{
		Topic: "journal.renewed", Key: "journal.renewed/" + e.Journal, Holding: simpul.EnrolHubs, Link: witness.PagePath, Urgent: true,
		Title: simpul.Text{ID: "Jurnal baru: kirim kunci lognya kepada saksi", EN: "A new journal: send the key of its log to the witnesses"},
		Body: simpul.Text{
			ID: fmt.Sprintf("Jurnal %s berakhir dengan catatan %d (%s), dan jurnal %s melanjutkannya dengan log baru. Bukti lama tetap sah. Saksi mulai menandatangani log baru setelah mereka menambahkan baris log dari /.well-known/simpul-keys; katakan juga sampai entri mana log lama berlaku: %d.", e.Journal, e.Last, e.Cause, successor, e.Entries),
			EN: fmt.Sprintf("The journal %s ended with record %d (%s), and the journal %s goes on for it with a new log. Earlier proofs stay valid. Witnesses cosign the new log once they have added its line from /.well-known/simpul-keys; tell them, too, up to which entry the old log holds: %d.", e.Journal, e.Last, e.Cause, successor, e.Entries),
		},
	}
}

// tendEarlier keeps what is derived from journals that have ended, until ctx ends.
func (h *Hub) tendEarlier(ctx context.Context) {
	var work sync.WaitGroup
	for _, one := range h.earlier {
		work.Go(func() {
			if err := one.index.Run(ctx); err != nil {
				h.log.Error("the index of a journal that has ended has stopped", "journal", one.Journal, "error", err)
			}
		})
		work.Go(func() { one.meter.Run(ctx) })
		work.Go(func() { one.following.Run(ctx) })
		work.Go(func() {
			if err := one.cleaner.Check(ctx); err != nil && ctx.Err() == nil {
				h.log.Error("evidence journal: records are missing", "journal", one.Journal, "error", err)
			}
			one.cleaner.Run(ctx, h.log)
		})
	}
	work.Wait()
}

func (h *Hub) closeEarlier() (err error) {
	for _, one := range h.earlier {
		err = errors.Join(err, one.journal.Close())
	}
	return err
}

// earlierLogs are the logs of journals that have ended.
func (h *Hub) earlierLogs() (all []*ledger.Ledger) {
	for _, one := range h.earlier {
		all = append(all, one.log)
	}
	return all
}

// ofEarlier completes a position by what is known of a journal that has ended.
func (h *Hub) ofEarlier(p derived.Position) derived.Position {
	for _, one := range h.earlier {
		if p.Journal == one.Journal {
			p.Seen, p.Ended = max(one.Last, p.Sequence), one.At
		}
	}
	return p
}
