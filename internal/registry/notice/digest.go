package notice

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/mail"
	"simpul/internal/platform/sqldb"
)

// digestHour is when the letter of the day goes, on the clock of the hub's seat
// (WIB, UTC+7).
const digestHour = 7

func seat() *time.Location { return time.FixedZone("WIB", 7*60*60) }

// nextDigest is the first time after now at which digests go.
func nextDigest(now time.Time) time.Time {
	local := now.In(seat())
	at := time.Date(local.Year(), local.Month(), local.Day(), digestHour, 0, 0, 0, seat())
	if !at.After(local) {
		at = at.AddDate(0, 0, 1)
	}
	return at.UTC()
}

// gather keeps the letter for the next digest and sees to it that there is one.
func (c *Courier) gather(p parcel) verdict {
	return func(ctx context.Context) error {
		at := nextDigest(c.now())
		id := "digest-" + at.Format("20060102") + "-" + simpul.Secret(p.Account).Digest()[:16]
		return c.write(ctx, func(tx *sqldb.Tx) error {
			if err := postponeMail(ctx, tx, p, stateGathered, 0, at, simpul.Text{}); err != nil {
				return err
			}
			if err := reopenDigest(ctx, tx, id); err != nil {
				return err
			}
			return insertMail(ctx, tx, parcel{
				ID: id, Agency: p.Agency, Account: p.Account, Kind: copyOfDay, Topic: "notice.digest", next: at, At: c.now(), ends: at.Add(patience),
			})
		})
	}
}

// mostInDigest bounds a letter; the inbox has the rest.
const mostInDigest = 50

// composeDigest writes the letter of the day. Without anything that is still
// unread there is none.
func (c *Courier) composeDigest(ctx context.Context, tx *sqldb.Tx, p parcel, r receiver) (mail.Message, verdict, error) {
	stored, err := listGathered(ctx, tx, p.Account, p.gatheredFor(), mostInDigest)
	if err != nil {
		return mail.Message{}, nil, err
	}
	if len(stored) == 0 {
		return mail.Message{}, c.drop(p, simpul.Text{ID: "Semuanya sudah dibaca.", EN: "All of it has been read."}), nil
	}
	entries, err := c.service.openEntries(stored)
	return c.letter(p, r.to, r.language, digestWords(entries, r.language, c.portal)), nil, err
}
