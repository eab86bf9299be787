package notice

import (
	"context"
	"errors"

	"simpul"
	"simpul/internal/platform/mail"
	"simpul/internal/platform/sqldb"
)

// verdict is what becomes of a letter that is not to be sent now.
type verdict func(context.Context) error

// compose writes the letter as of now, or says why it is not sent. A copy of a
// notice is written late, so that it goes to the person's present address, in
// the way that they want now, and not at all once somebody has acted.
func (c *Courier) compose(ctx context.Context, p parcel) (m mail.Message, v verdict, err error) {
	if p.Kind == letterToStranger {
		return c.composeInvitation(p)
	}
	err = c.service.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		r, err := c.receiver(ctx, tx, p.Account)
		if simpul.CodeOf(err) == simpul.CodeNotFound {
			v = c.drop(p, simpul.Text{ID: "Akun ini tidak aktif atau tidak punya alamat surel.", EN: "The account is not active or has no e-mail address."})
			return nil
		}
		if err != nil {
			return err
		}
		if p.Kind == copyOfDay {
			m, v, err = c.composeDigest(ctx, tx, p, r)
			return err
		}
		m, v, err = c.composeNotice(ctx, tx, p, r)
		return err
	})
	return m, v, err
}

// receiver is a person, and how they want to hear of things.
type receiver struct {
	to       mail.Address
	language simpul.Language
	prefs    Preferences
}

func (c *Courier) receiver(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (r receiver, err error) {
	email, name, language, err := c.people.Address(ctx, tx, account)
	if err != nil {
		return r, err
	}
	r = receiver{to: mail.Address{Name: name, Email: email}, language: language}
	if r.prefs, err = preferences(ctx, tx, account); err != nil {
		return r, err
	}
	if r.prefs.Language != "" {
		r.language = r.prefs.Language
	}
	return r, nil
}

func (c *Courier) composeNotice(ctx context.Context, tx *sqldb.Tx, p parcel, r receiver) (mail.Message, verdict, error) {
	stored, err := getEntry(ctx, tx, p.Account, p.Entry)
	if errors.Is(err, sqldb.ErrNoRows) || err == nil && stored.State == Done {
		return mail.Message{}, c.drop(p, simpul.Text{ID: "Sudah ditangani sebelum surel terkirim.", EN: "It was dealt with before the letter went."}), nil
	}
	if err != nil {
		return mail.Message{}, nil, err
	}
	way := r.prefs.way(p.Topic)
	switch {
	case p.Urgent || way == ByEmail:
		e, err := c.service.openEntry(stored)
		return c.letter(p, r.to, r.language, noticeWords(e, r.language, c.portal)), nil, err
	case way == ByDigest:
		return mail.Message{}, c.gather(p), nil
	}
	return mail.Message{}, c.drop(p, simpul.Text{ID: "Orang ini memilih hanya kotak masuk.", EN: "The person chose the inbox only."}), nil
}

func (c *Courier) composeInvitation(p parcel) (mail.Message, verdict, error) {
	var i invitation
	if err := opened(c.service.seal, p.sealed, mailTable, p.ID, &i); err != nil {
		return mail.Message{}, nil, err
	}
	if !c.now().Before(i.Until) {
		return mail.Message{}, func(ctx context.Context) error {
			return c.end(ctx, p, stateDead, simpul.Text{ID: "Undangan berakhir sebelum surel terkirim.", EN: "The invitation ended before the letter went."})
		}, nil
	}
	return c.letter(p, mail.Address{Name: i.Name, Email: i.To}, i.Language, invitationWords(i)), nil, nil
}

func (c *Courier) letter(p parcel, to mail.Address, l simpul.Language, w letterWords) mail.Message {
	return mail.Message{To: to, ID: p.ID, At: c.now(), Subject: w.subject.In(l), Text: w.text, List: string(p.Kind)}
}

func (c *Courier) drop(p parcel, reason simpul.Text) verdict {
	return func(ctx context.Context) error { return c.end(ctx, p, stateDropped, reason) }
}
