package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"time"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/platform/httpapi"
)

// The log of a journal that has ended is what it was: it is read, and proves what its last
// checkpoint covers, but nothing is added, and nothing signed. What the hub that went on
// elsewhere, or once, had in it beyond cannot be known here, and two trees of one name would
// make a forger of the hub.

// Complete says in the ending of a journal where its log in the data folder stands, by the
// last checkpoint, and commits to the records that this does not cover: to all of them where
// the log cannot say which it covers.
func Complete(data string, j *evidence.Journal, e evidence.Ending) (evidence.Ending, error) {
	f := files{Dir(data, j.ID().String())}
	size, root, err := f.published()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return e, unreadable(err)
	}
	if err == nil && size > 0 {
		e.Entries, e.Root = size, root
		if last, err := f.entry(size-1, size); err == nil { // damage of it keeps no journal from its end; fsck names it
			e.Covered = borderOf(last).next() - 1
		}
	}
	e.Rest, err = restOf(j, e.Covered)
	return e, err
}

// restOf is the root over the records after the sequence; nothing where there are none.
func restOf(j *evidence.Journal, covered uint64) ([]byte, error) {
	r := j.Read(max(covered+1, j.First()))
	defer r.Close()
	tree := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0)
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		leaf := proof.Leaf(e.Payload)
		if err := tree.Append(leaf[:], nil); err != nil {
			return nil, err
		}
	}
	if tree.End() == 0 {
		return nil, nil
	}
	return tree.GetRootHash(nil)
}

// CheckEnding holds what an ending says against the journal and the log that are there,
// and returns what does not fit.
func CheckEnding(data string, j *evidence.Journal, e evidence.Ending) (all []Finding) {
	found := func(format string, args ...any) {
		all = append(all, Finding{File: "evidence/" + e.Journal + "/ended", Err: fmt.Errorf(format, args...)})
	}
	if j.Durable() != e.Last {
		found("it names %d as the last record, and the journal ends with %d", e.Last, j.Durable())
	}
	now, err := Complete(data, j, evidence.Ending{})
	switch {
	case err != nil:
		found("the log of the journal cannot be read: %w", err)
	case now.Entries != e.Entries || string(now.Root) != string(e.Root):
		found("it names %d entries of the log with root %x, and there are %d with root %x", e.Entries, e.Root, now.Entries, now.Root)
	case string(now.Rest) != string(e.Rest) && j.First() <= e.Covered+1:
		found("the records after %d are not those with which the journal ended", e.Covered)
	}
	return all
}

// unproved tells whoever asks for the proof of a record that never came into the log of a
// journal that has ended.
func unproved(sequence uint64, e evidence.Ending) error {
	return &simpul.Error{
		Code: simpul.CodeGone,
		Err:  fmt.Errorf("record %d, and the log of the journal ends with record %d", sequence, e.Covered),
		Message: simpul.Text{
			ID: "Catatan ini tersimpan, tetapi belum masuk log bukti ketika jurnalnya berakhir (" + e.Cause + ").",
			EN: "This record is kept, but had not come into the evidence log when its journal ended (" + e.Cause + ").",
		},
		Remedy: simpul.Text{
			ID: "Catatan pertama jurnal berikutnya memuat sidik semua catatan seperti ini. Minta operator hub mencocokkannya dengan simpul fsck.",
			EN: "The first record of the next journal holds the fingerprint of all such records. Ask the hub's operator to compare it by simpul fsck.",
		},
	}
}

// notYet tells whoever asks too early when to come again.
func (l *Ledger) notYet(sequence, covered uint64) error {
	if e, ended := l.journal.Ending(); ended {
		return unproved(sequence, e)
	}
	return notYet(sequence, covered)
}

// PredecessorPath is below the tiles of a log: the proof of its first record, where that
// says for which journal this one goes on.
const PredecessorPath = "predecessor"

// servePredecessor proves the first record to everybody: it holds nothing of an exchange.
func (l *Ledger) servePredecessor(w http.ResponseWriter, r *http.Request) {
	b, err := l.Prove(r.Context(), 1)
	if err != nil && simpul.CodeOf(err) != simpul.CodeConflict {
		httpapi.FailProblem(w, r, err)
		return
	}
	if record, derr := evidence.DecodeRecord(b.Record); err != nil || derr != nil || record.Kind != evidence.Renewed {
		absent(w)
		return
	}
	text, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		httpapi.FailProblem(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
}

// among returns the ledger of a journal; nil for one that is none of these.
func among(all []*Ledger, journal string) *Ledger {
	for _, l := range all {
		if l.Journal() == journal {
			return l
		}
	}
	return nil
}
