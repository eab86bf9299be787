package agency

import (
	"context"
	"errors"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// IssueKey makes a key. The secret is returned here and never again.
func (a *Applications) IssueKey(ctx context.Context, p simpul.Principal, id string, wish KeyWish) (Key, simpul.Secret, error) {
	key, secret, err := a.prepareKey(simpul.ApplicationID(id), wish)
	if err != nil {
		return Key{}, "", err
	}
	err = a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := getApplication(ctx, tx, id); err != nil {
			return err
		}
		if err := insertKey(ctx, tx, key, secret.Digest()); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, key.Application.Agency(), "key.issue", key.ID))
	})
	if err != nil {
		return Key{}, "", sqldb.Coded(err, kindApplication, id)
	}
	return key, secret, nil
}

func (a *Applications) prepareKey(application simpul.ApplicationID, wish KeyWish) (Key, simpul.Secret, error) {
	now := a.now().Truncate(time.Millisecond)
	end, err := wish.end(now)
	return Key{ID: newKeyID(), Application: application, Label: wish.Label, CreatedAt: now, ExpiresAt: end}, newKeySecret(), err
}

// Keys lists an application's keys, without their secrets.
func (a *Applications) Keys(ctx context.Context, p simpul.Principal, id string) (keys []Key, err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := getApplication(ctx, tx, id); err != nil {
			return err
		}
		keys, err = listKeys(ctx, tx, id)
		return err
	})
	return keys, sqldb.Coded(err, kindApplication, id)
}

// RotateKey makes a key that follows another, which ends after the overlap, in
// days, unless it ends before. Both count until then.
func (a *Applications) RotateKey(ctx context.Context, p simpul.Principal, application, old string, overlap int, wish KeyWish) (Key, simpul.Secret, error) {
	if overlap < fewestOverlap || overlap > mostOverlap {
		return Key{}, "", badOverlap()
	}
	key, secret, err := a.prepareKey(simpul.ApplicationID(application), wish)
	if err != nil {
		return Key{}, "", err
	}
	key.Replaces = old
	err = a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := getKey(ctx, tx, application, old)
		if err != nil {
			return err
		}
		if key.Label == "" {
			key.Label = before.Label
		}
		if err := insertKey(ctx, tx, key, secret.Digest()); err != nil {
			return err
		}
		if err := shortenKey(ctx, tx, old, key.CreatedAt.Add(time.Duration(overlap)*day)); err != nil {
			return err
		}
		event := trail.By(p, key.Application.Agency(), "key.rotate", old)
		event.Detail = fmt.Sprintf("followed by %s after %d days", key.ID, overlap)
		return trail.Append(ctx, tx, event)
	})
	if err != nil {
		return Key{}, "", sqldb.Coded(err, kindKey, old)
	}
	return key, secret, nil
}

func badOverlap() error {
	return simpul.Invalid("overlapDays",
		simpul.Text{ID: fmt.Sprintf("Masa tumpang tindih harus %d sampai %d hari.", fewestOverlap, mostOverlap), EN: fmt.Sprintf("The overlap must be %d to %d days.", fewestOverlap, mostOverlap)},
		simpul.Text{ID: "Pilih waktu yang cukup untuk memasang kunci baru; biasanya 7 hari.", EN: "Choose long enough to install the new key; usually 7 days."})
}

// RevokeKey ends a key; the gateway refuses it in under a second.
func (a *Applications) RevokeKey(ctx context.Context, p simpul.Principal, application, key string) error {
	return a.endKey(ctx, p, application, key, "key.revoke")
}

// ReportLeakedKey ends a key that its owner, or the operator, knows to have
// leaked, and tells the owner.
func (a *Applications) ReportLeakedKey(ctx context.Context, p simpul.Principal, application, key string) error {
	return a.endKey(ctx, p, application, key, "key.leak")
}

func (a *Applications) endKey(ctx context.Context, p simpul.Principal, application, id, action string) error {
	err := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		key, err := getKey(ctx, tx, application, id)
		if err != nil {
			return err
		}
		return a.end(ctx, tx, key, trail.By(p, key.Application.Agency(), action, id))
	})
	return sqldb.Coded(err, kindKey, id)
}

// end deletes a key and writes down why. Of a leak people learn at once.
func (a *Applications) end(ctx context.Context, tx *sqldb.Tx, key Key, event trail.Event) error {
	if err := deleteKey(ctx, tx, string(key.Application), key.ID); err != nil {
		return err
	}
	if event.Action == "key.leak" {
		if err := a.notifier.Notify(ctx, tx, leaked(key)); err != nil {
			return err
		}
	}
	return trail.Append(ctx, tx, event)
}

// ReportLeak ends the key of which somebody, whoever it is, holds the text. It
// does not say whether there was one.
func (a *Applications) ReportLeak(ctx context.Context, text simpul.Secret) error {
	digest := text.Digest()
	err := a.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := keyByDigest(ctx, tx, digest)
		return err
	})
	if err == nil {
		err = a.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
			key, err := keyByDigest(ctx, tx, digest)
			if err != nil {
				return err
			}
			return a.end(ctx, tx, key, trail.Event{Agency: key.Application.Agency(), Actor: "public", Action: "key.leak", Subject: key.ID})
		})
	}
	if errors.Is(err, sqldb.ErrNoRows) {
		return nil
	}
	return err
}

func leaked(k Key) simpul.Notice {
	id, application := k.ID, string(k.Application)
	return simpul.Notice{
		Topic: "key.leaked", Key: "key.leaked/" + id, Agency: k.Application.Agency(), Holding: simpul.WriteApplications,
		Title: simpul.Text{ID: "Kunci " + id + " bocor dan sudah dicabut", EN: "Key " + id + " leaked and was revoked"},
		Body: simpul.Text{
			ID: "Kunci " + id + " milik " + application + " dilaporkan bocor, jadi hub langsung mencabutnya. Buat kunci baru, pasang di aplikasi, dan cari tahu di mana kunci itu terbaca orang lain.",
			EN: "Key " + id + " of " + application + " was reported as leaked, so the hub revoked it at once. Make a new key, install it in the application, and find out where others could read the old one."},
		Link: ApplicationsPath + "/" + application, Urgent: true,
	}
}

// warnings are the days before a key's end at which people are told.
func warnings() []int { return []int{1, 7, 30} }

// WarnOfExpiry tells people of keys that end within 30, 7 or 1 days. It may run
// any number of times: each warning has a key of its own.
func (a *Applications) WarnOfExpiry(ctx context.Context) error {
	now := a.now()
	return a.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		keys, err := expiringKeys(ctx, tx, now, now.Add(30*day))
		if err != nil {
			return err
		}
		for _, k := range keys {
			if err := a.notifier.Notify(ctx, tx, expiring(k, now)); err != nil {
				return err
			}
		}
		return nil
	})
}

func expiring(k Key, now time.Time) simpul.Notice {
	within := 30
	for _, days := range warnings() {
		if k.ExpiresAt.Sub(now) <= time.Duration(days)*day {
			within = days
			break
		}
	}
	id, application, on := k.ID, string(k.Application), k.ExpiresAt.Format(time.DateOnly)
	return simpul.Notice{
		Topic: "key.expiring", Key: fmt.Sprintf("key.expiring/%s/%d/%d", id, k.ExpiresAt.UnixMilli(), within),
		Agency: k.Application.Agency(), Holding: simpul.WriteApplications,
		Title: simpul.Text{ID: fmt.Sprintf("Kunci %s berakhir dalam %d hari", id, within), EN: fmt.Sprintf("Key %s ends within %d days", id, within)},
		Body: simpul.Text{
			ID: "Kunci " + id + " milik " + application + " berakhir pada " + on + ". Putar kuncinya sekarang: kunci lama tetap berlaku selama yang baru dipasang.",
			EN: "Key " + id + " of " + application + " ends on " + on + ". Rotate it now: the old key keeps counting while you install the new one."},
		Link: ApplicationsPath + "/" + application, Due: k.ExpiresAt, Urgent: within == 1,
	}
}
