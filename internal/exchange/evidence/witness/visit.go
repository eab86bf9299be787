package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// mostAsks bounds how often a witness is asked within one visit: it may say that
// it is at another size than the hub thinks, and then at yet another.
const mostAsks = 3

// ask submits a checkpoint to one witness. What the witness cosigned before, as
// stored, is held against the log first: a log that was put back, or that grew
// anew after it was, is recognised even while the witness is silent.
func (g *Gatherer) ask(ctx context.Context, w *watch, r round) outcome {
	if o, contradicts := g.recheck(ctx, w, r); contradicts {
		return o
	}
	old := min(max(w.hint, w.newest.Size), r.Size)
	for range mostAsks {
		s := Submission{Old: old, Note: r.note}
		if old > 0 && old < r.Size {
			var err error
			if s.Proof, err = g.log.Consistency(ctx, old, r.Size); err != nil {
				return outcome{nothing: true, cause: fmt.Errorf("prove consistency: %w", err)}
			}
		}
		o, size, again := g.judge(g.submit(ctx, w.URL, s), w, r, old)
		if !again {
			return o
		}
		old, w.hint = size, size
	}
	return outcome{state: Faulty, reason: BadAnswer, cause: errors.New("the witness changes its mind")}
}

// recheck holds the log against the newest cosignature that the hub has of the
// witness: that is evidence, whatever anybody says.
func (g *Gatherer) recheck(ctx context.Context, w *watch, r round) (outcome, bool) {
	before := w.newest
	switch {
	case before.Size > r.Size:
		return outcome{state: Later, reason: OwnEvidence, claimed: before.Size}, true
	case before.Size == 0:
		return outcome{}, false
	}
	contains, err := g.contains(ctx, r.Checkpoint, before)
	if err != nil || contains { // ask meets the same error and reports it
		return outcome{}, false
	}
	return outcome{state: Fork, reason: OwnEvidence, claimed: before.Size}, true
}

// contains reports whether a tree of the log begins with the one that was
// cosigned, which is no larger.
func (g *Gatherer) contains(ctx context.Context, c Checkpoint, before sealed) (bool, error) {
	if before.Size == c.Size {
		return before.Root == c.Root, nil
	}
	hashes, err := g.log.Consistency(ctx, before.Size, c.Size)
	if err != nil {
		return false, err
	}
	return proof.VerifyConsistency(rfc6962.DefaultHasher, before.Size, c.Size, hashes, before.Root[:], c.Root[:]) == nil, nil
}

// answer is what a witness sent, or why nothing came.
type answer struct {
	status int
	header http.Header
	body   []byte
	err    error
}

var errHuge = errors.New("the answer is too long")

// submit sends one request and reads at most what an answer may have.
func (g *Gatherer) submit(ctx context.Context, prefix string, s Submission) answer {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, prefix+"/add-checkpoint", bytes.NewReader(s.Bytes()))
	if err != nil {
		return answer{err: err}
	}
	q.Header.Set("Content-Type", "text/plain; charset=utf-8")
	res, err := g.client.Do(q)
	if err != nil {
		return answer{err: err}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = errHuge
	}
	return answer{res.StatusCode, res.Header, body, err}
}

// judge says what an answer means, or that the witness is to be asked again from
// another size.
func (g *Gatherer) judge(a answer, w *watch, r round, old uint64) (o outcome, size uint64, again bool) {
	switch {
	case errors.Is(a.err, errHuge):
		return outcome{state: Faulty, reason: BadAnswer, cause: a.err}, 0, false
	case a.err != nil:
		return outcome{state: Unreachable, cause: a.err}, 0, false
	}
	switch a.status {
	case http.StatusOK:
		return g.accept(a, w, r), 0, false
	case http.StatusConflict:
		return g.conflict(a, r, old)
	case http.StatusUnprocessableEntity:
		return disproved(w, old), 0, false
	case http.StatusNotFound:
		return outcome{state: Refusing, reason: UnknownLog}, 0, false
	case http.StatusForbidden:
		return outcome{state: Refusing, reason: UnknownKey}, 0, false
	}
	cause := fmt.Errorf("the witness answered %d", a.status)
	if a.status >= 500 || a.status == http.StatusTooManyRequests || a.status == http.StatusRequestTimeout {
		return outcome{state: Unreachable, cause: cause}, 0, false
	}
	return outcome{state: Faulty, reason: BadAnswer, cause: cause}, 0, false
}

// accept checks a cosignature.
func (g *Gatherer) accept(a answer, w *watch, r round) outcome {
	c, err := parseCosignatures(a.body, w.Key, r.text, g.now())
	reasons := map[error]Reason{errSignature: BadSignature, errBehind: ClockBehind, errAhead: ClockAhead, errAnswer: BadAnswer}
	if err != nil {
		return outcome{state: Faulty, reason: reasons[err], cause: err}
	}
	return outcome{state: Cosigned, sealed: &sealed{
		Origin: r.Origin, Witness: w.Key.String(), Size: r.Size, Root: r.Root, At: c.at, Note: string(r.note), Line: c.line,
	}}
}

// conflict reads at which size a witness says that it is.
func (g *Gatherer) conflict(a answer, r round, old uint64) (o outcome, size uint64, again bool) {
	size, sized, err := parseConflict(a.header, a.body)
	same := old == r.Size && (!sized || size == old)
	switch {
	case err != nil:
		return outcome{state: Faulty, reason: BadAnswer, cause: err}, 0, false
	case same: // it agrees on the size, so it is the tree that differs
		return outcome{state: Fork, reason: WitnessClaims, claimed: old}, 0, false
	case !sized || size == old:
		return outcome{state: Faulty, reason: BadAnswer, cause: errors.New("the witness contradicts itself")}, 0, false
	case size <= r.Size:
		return outcome{}, size, true
	case size <= g.log.Size():
		// It was shown a newer checkpoint of this very log meanwhile.
		return outcome{nothing: true, cause: errors.New("the witness is ahead of this round")}, 0, false
	}
	return outcome{state: Later, reason: WitnessClaims, claimed: size}, 0, false
}

// disproved is what a refused proof means. Where the hub has the witness's own
// cosignature of the old tree it has checked the proof against it already, so
// that it is the witness who is wrong.
func disproved(w *watch, old uint64) outcome {
	if old == 0 || old == w.newest.Size {
		return outcome{state: Faulty, reason: BadProof}
	}
	return outcome{state: Fork, reason: WitnessClaims, claimed: old}
}
