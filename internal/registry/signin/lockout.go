package signin

import (
	"context"
	"errors"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// failure is what is known of the failures of one account name or origin.
type failure struct {
	count int64
	at    time.Time // of the last one
	until time.Time // no attempt is looked at before
}

// patience is how many failures cost nothing, and how fast they are forgotten.
type patience struct {
	free    int64
	forgets time.Duration // one failure in this time
}

// Many people share the address of an office, so it may fail more often.
var (
	ofAccount = patience{free: 4, forgets: time.Hour}
	ofOrigin  = patience{free: 20, forgets: 3 * time.Minute}
)

const (
	firstDelay   = time.Second
	longestDelay = 15 * time.Minute
	keptFailures = 24 * time.Hour
)

// one more failure now. The delay doubles with each beyond the free ones.
func (f failure) more(p patience, now time.Time) failure {
	if !f.at.IsZero() {
		f.count = max(0, f.count-int64(now.Sub(f.at)/p.forgets))
	}
	f.count++
	f.at, f.until = now, time.Time{}
	if over := f.count - p.free; over > 0 {
		f.until = now.Add(delay(over))
	}
	return f
}

func delay(over int64) time.Duration {
	if over > 10 { // 2^10 s is beyond the longest
		return longestDelay
	}
	return min(firstDelay<<(over-1), longestDelay)
}

var errShut = errors.New("too many failures")

// counted is a subject whose failures are counted.
type counted struct {
	kind, subject string
	patience      patience
}

// countedFor are the subjects of an attempt: the account's name and the origin,
// since strangers guess. A browser that was signed in to the account before has
// a count of its own, so that no stranger can keep its owner out by failing.
func (s *Service) countedFor(account, origin string, browser simpul.Secret) ([]counted, error) {
	known, err := s.recognises(browser, account)
	if err != nil {
		return nil, err
	}
	if known {
		return []counted{{"browser", browser.Reveal(), ofAccount}}, nil
	}
	return []counted{{"account", account, ofAccount}, {"origin", origin, ofOrigin}}, nil
}

// charge counts an attempt as failed before it is looked at, so that attempts
// at the same time cannot share one allowance. It fails with errShut where one
// of the subjects has to wait; such an attempt is not counted.
func (s *Service) charge(ctx context.Context, subjects []counted) error {
	return s.write(ctx, func(tx *sqldb.Tx) error {
		if _, err := deleteFailuresBefore(ctx, tx, s.now().Add(-keptFailures)); err != nil {
			return err
		}
		for _, c := range subjects {
			if err := s.chargeOne(ctx, tx, c.kind, c.subject, c.patience); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) chargeOne(ctx context.Context, tx *sqldb.Tx, kind, subject string, p patience) error {
	key, err := s.failureKey(kind, subject)
	if err != nil {
		return err
	}
	if err := lockFailure(ctx, tx, key); err != nil {
		return err
	}
	f, err := failureOf(ctx, tx, key)
	if err != nil {
		return err
	}
	if s.now().Before(f.until) {
		return errShut
	}
	return putFailure(ctx, tx, key, f.more(p, s.now()))
}

// forgive takes back what charge counted, after a sign-in: the account's
// failures, or the browser's, altogether; of the origin's only this one, lest
// somebody with an account of their own clears the way for guessing others'.
func (s *Service) forgive(ctx context.Context, tx *sqldb.Tx, subjects []counted) error {
	for _, c := range subjects {
		key, err := s.failureKey(c.kind, c.subject)
		if err == nil && c.kind == "origin" {
			err = forgiveOne(ctx, tx, key)
		} else if err == nil {
			err = deleteFailure(ctx, tx, key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func forgiveOne(ctx context.Context, tx *sqldb.Tx, key string) error {
	f, err := failureOf(ctx, tx, key)
	if exists, err := sqldb.Exists(f, err); err != nil || !exists {
		return err
	}
	f.count, f.until = max(0, f.count-1), time.Time{}
	return putFailure(ctx, tx, key, f)
}

func (s *Service) failureKey(kind, subject string) (string, error) {
	return s.sealer.Digest(kind+":"+subject, "signin_failure.subject")
}
