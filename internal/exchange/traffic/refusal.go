package traffic

import (
	"fmt"
	"time"

	"simpul"
)

// reached refuses a call for which a limit has no room: it says which limit of
// whom, when it frees, and who can raise it.
func (l *Limiter) reached(c Call, h *hold, v verdict) error {
	raiser := raiserOf(h.subject.Kind, c.Route.Owner)
	e := &simpul.Error{Code: simpul.CodeLimited, Owner: c.ownerOf(h.subject.Kind), Retry: v.wait, Message: messageOf(h, v.what)}
	switch {
	case v.what == Concurrent:
		e.Remedy = simpul.Text{
			ID: "Tunggu sampai salah satu selesai, lalu coba lagi; panggil lebih sedikit sekaligus, atau minta " + raiser.ID + " menaikkan batasnya.",
			EN: "Wait until one of them ends and try again; call fewer at once, or ask " + raiser.EN + " to raise the limit."}
	case v.what == Rate || v.wait < time.Minute:
		n := seconds(v.wait)
		e.Remedy = simpul.Text{
			ID: fmt.Sprintf("Coba lagi dalam %d detik, atau minta %s menaikkan batasnya.", n, raiser.ID),
			EN: fmt.Sprintf("Try again in %d seconds, or ask %s to raise the limit.", n, raiser.EN)}
	default:
		at := c.At.Add(v.wait).In(l.calendar.zone)
		e.Remedy = simpul.Text{
			ID: fmt.Sprintf("Kuota dimulai lagi pada %s, atau minta %s menaikkannya.", at.Format("2006-01-02 15.04 MST"), raiser.ID),
			EN: fmt.Sprintf("The quota begins anew at %s, or ask %s to raise it.", at.Format("2006-01-02 15:04 MST"), raiser.EN)}
	}
	return e
}

func messageOf(h *hold, what What) simpul.Text {
	who := subjectWords(h.subject)
	r := h.rules
	switch what {
	case Rate:
		return simpul.Text{
			ID: fmt.Sprintf("Batas %d panggilan per menit untuk %s sudah tercapai.", r.perMinute, who.ID),
			EN: fmt.Sprintf("The limit of %d calls a minute of %s is reached.", r.perMinute, who.EN)}
	case PerDay:
		return simpul.Text{
			ID: fmt.Sprintf("Kuota %d panggilan per hari untuk %s sudah habis.", r.perDay, who.ID),
			EN: fmt.Sprintf("The quota of %d calls a day of %s is used up.", r.perDay, who.EN)}
	case PerMonth:
		return simpul.Text{
			ID: fmt.Sprintf("Kuota %d panggilan per bulan untuk %s sudah habis.", r.perMonth, who.ID),
			EN: fmt.Sprintf("The quota of %d calls a month of %s is used up.", r.perMonth, who.EN)}
	}
	return simpul.Text{
		ID: fmt.Sprintf("Batas %d panggilan sekaligus untuk %s sudah tercapai.", r.concurrent, who.ID),
		EN: fmt.Sprintf("The limit of %d calls at one time of %s is reached.", r.concurrent, who.EN)}
}

// subjectWords name a subject within a sentence.
func subjectWords(s simpul.Subject) simpul.Text {
	switch s.Kind {
	case simpul.SubjectGrant:
		return simpul.Text{ID: "izin " + s.ID, EN: "grant " + s.ID}
	case simpul.SubjectApplication:
		return simpul.Text{ID: "aplikasi " + s.ID, EN: "application " + s.ID}
	case simpul.SubjectAgency:
		return simpul.Text{ID: "instansi " + s.ID, EN: "agency " + s.ID}
	}
	return simpul.Text{ID: "LID " + s.ID, EN: "LID " + s.ID}
}

// raiserOf names who may raise a limit.
func raiserOf(kind simpul.SubjectKind, provider simpul.AgencyID) simpul.Text {
	if kind == simpul.SubjectGrant || kind == simpul.SubjectLID {
		return simpul.Text{ID: string(provider), EN: string(provider)}
	}
	return simpul.Text{ID: "operator nasional", EN: "the national operator"}
}

// ownerOf is the agency that can mend a refusal: the one whose limit it is.
func (c Call) ownerOf(kind simpul.SubjectKind) simpul.AgencyID {
	if kind == simpul.SubjectGrant || kind == simpul.SubjectLID {
		return c.Route.Owner
	}
	return c.Application.Agency()
}

func seconds(wait time.Duration) int { return int((wait + time.Second - 1) / time.Second) }

// overloaded refuses a call of an agency that has more than its part of a hub
// that can take no more.
func overloaded(c Call, own, fair int64) error {
	agency := c.Application.Agency()
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Owner: agency, Retry: time.Second,
		Message: simpul.Text{
			ID: fmt.Sprintf("Hub sedang penuh, dan instansi %s punya %d panggilan yang sedang berjalan; bagiannya saat ini %d.", agency, own, fair),
			EN: fmt.Sprintf("The hub is full, and agency %s has %d calls under way; its part is %d at present.", agency, own, fair)},
		Remedy: simpul.Text{
			ID: "Coba lagi dalam 1 detik dengan lebih sedikit panggilan sekaligus. Bila sering terjadi, hubungi operator nasional.",
			EN: "Try again in 1 second with fewer calls at once. If this happens often, contact the national operator."},
	}
}
