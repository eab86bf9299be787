package app

import (
	"context"
	"errors"
	"io"
	"path"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/ledger"
	"simpul/internal/exchange/safety"
)

// Ended surveys the journals of a data folder that have ended.
func (journalFiles) Ended(data string) (all []safety.Survey, err error) {
	endings, err := evidence.Endings(data)
	for _, e := range endings {
		taken, err := evidence.TakeIn(evidence.EndedDir(data, e.Journal))
		if err != nil {
			return nil, err
		}
		s := surveyed(taken)
		s.ID = e.Journal
		for i := range s.Segments {
			s.Segments[i].Closed = true
		}
		all = append(all, s)
	}
	return all, err
}

// InspectEnded reads the journals of a data folder that have ended, holds what says how they
// ended against them and their logs, and sees that the next journal begins by saying so.
func (journalFiles) InspectEnded(ctx context.Context, data string) (all []safety.Inspection, err error) {
	endings, err := evidence.Endings(data)
	if err != nil {
		if simpul.CodeOf(err) != simpul.CodeUnavailable {
			return nil, err
		}
		return []safety.Inspection{{Findings: []safety.Finding{unfit("", err)}}}, nil
	}
	for i, e := range endings {
		dir := evidence.EndedDir(data, e.Journal)
		found, err := evidence.InspectIn(ctx, dir, nil)
		if err != nil {
			return nil, err
		}
		one := inspected(found)
		for n := range one.Findings {
			one.Findings[n].Place = path.Join(e.Journal, one.Findings[n].Place)
		}
		if len(found.Damage) == 0 { // more would only repeat it
			for _, f := range ledger.CheckEnding(data, evidence.InspectedIn(dir, found), e) {
				one.Findings = append(one.Findings, unfit(e.Journal+"/ended", f.Err))
			}
		}
		next := evidence.Dir(data)
		if i+1 < len(endings) {
			next = evidence.EndedDir(data, endings[i+1].Journal)
		}
		if err := followsOn(ctx, next, e); err != nil {
			one.Findings = append(one.Findings, unfit(e.Journal+"/ended", err))
		}
		all = append(all, one)
	}
	return all, nil
}

var (
	errFollowsNot = errors.New("the journal that goes on does not begin with what this says")
	errEnough     = errors.New("one record is enough")
)

// followsOn sees that the first record of the journal in the folder says how the one before
// ended; one that retention removed, or whose journal has no record yet, says nothing.
func followsOn(ctx context.Context, dir string, e evidence.Ending) (err error) {
	says := true
	_, failed := evidence.InspectIn(ctx, dir, func(entry evidence.Entry) error {
		says = entry.Sequence > 1 || e.Says(entry.Payload)
		return errEnough
	})
	if failed != nil && !errors.Is(failed, errEnough) && !errors.Is(failed, io.EOF) {
		return failed
	}
	if !says {
		return errFollowsNot
	}
	return nil
}

func unfit(place string, err error) safety.Finding {
	return safety.Found(safety.UnfitEnding, place).Because(err)
}
