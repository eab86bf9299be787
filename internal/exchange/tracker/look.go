package tracker

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Look is one time that somebody of an office opened a person's tracker for them.
type Look struct {
	ID     string
	Agency simpul.AgencyID // empty: of the nation
	Reason string
	At     time.Time
}

// shownFor is how long the pages that follow the form at the counter are open.
const shownFor = 30 * time.Minute

// Trace opens the tracker of somebody who stands at the counter and returns the
// identifier under which the pages are open for a while, to whoever opened them
// alone. The look itself is an access: the person sees it among the others.
func (s *Service) Trace(ctx context.Context, p simpul.Principal, nik simpul.NIK, reason string) (id string, err error) {
	if err := p.Need(simpul.TracePeople); err != nil {
		return "", err
	}
	if reason, err = words("reason", reason, longestReason); err != nil {
		return "", err
	}
	now := s.Now()
	k, err := s.Keys.at(now)
	if err != nil {
		return "", err
	}
	l := lookRow{Look{newID("l"), p.Agency, reason, now}, k.pseudonym(nik), p.ID, "", now.Add(shownFor)}
	if l.sealedNIK, err = s.seal(string(nik), lookTable, l.ID, "sealed_nik"); err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := insertLook(ctx, tx, l); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, p.Agency, "tracker.look", l.ID))
	})
	return l.ID, err
}

// Traced is the person whose tracker the principal has opened and not closed.
func (s *Service) Traced(ctx context.Context, p simpul.Principal, id string) (nik simpul.NIK, err error) {
	var l lookRow
	err = s.DB.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		l, err = getLook(ctx, tx, id)
		return err
	})
	if err == nil && (!p.Can(simpul.TracePeople) || l.principal != p.ID || l.sealedNIK == "" || !l.until.After(s.Now())) {
		err = sqldb.ErrNoRows
	}
	if err != nil {
		return "", sqldb.Coded(err, simpul.Text{ID: "Jejak di loket", EN: "Tracker at the counter"}, id)
	}
	text, err := s.open(l.sealedNIK, lookTable, l.ID, "sealed_nik")
	return simpul.NIK(text), err
}

// CloseLooks forgets the numbers of looks that are over.
func (s *Service) CloseLooks(ctx context.Context) error {
	return s.DB.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return closeLooks(ctx, tx, s.Now()) })
}

const longestReason = 200

// words checks what a person wrote, and takes the white space around it off.
func words(at, text string, longest int) (string, error) {
	text = strings.TrimSpace(text)
	wrong := simpul.Text{}
	switch {
	case text == "":
		wrong = simpul.Text{ID: "Belum ada yang ditulis.", EN: "Nothing is written yet."}
	case !utf8.ValidString(text) || strings.ContainsFunc(text, control):
		wrong = simpul.Text{ID: "Ada tanda yang tidak dapat dibaca di dalamnya; ketik ulang.", EN: "There are marks in it that cannot be read; type it anew."}
	case utf8.RuneCountInString(text) > longest:
		wrong = simpul.Text{ID: "Tulisannya terlalu panjang.", EN: "The text is too long."}
	default:
		return text, nil
	}
	most := thousands(longest)
	return "", simpul.Invalid(at, wrong, simpul.Text{ID: "Tulis 1 sampai " + most.ID + " karakter.", EN: "Write 1 to " + most.EN + " characters."})
}

func control(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f }
