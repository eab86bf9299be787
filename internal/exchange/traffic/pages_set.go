package traffic

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
)

// SetPath is where a limit is set.
const SetPath = Path + "/atur"

// SetPathOf is where the limit of a subject is set.
func SetPathOf(s simpul.Subject) string { return SetPath + "?untuk=" + url.QueryEscape(s.String()) }

func (p *Pages) registerSetting(mux *http.ServeMux) {
	mux.Handle("GET "+SetPath, p.gate.Admit(simpul.WriteGrants, p.setting))
	mux.Handle("POST "+SetPath, p.gate.Form(simpul.WriteGrants, p.set))
	mux.Handle("POST "+SetPath+"/hapus", p.gate.Form(simpul.WriteGrants, p.lift))
}

// setView is the form.
type setView struct {
	Subject  simpul.Subject // zero: still to be named
	Kind, ID string         // as entered
	Values   map[string]string
	Wrong    map[string]simpul.Text
	Exists   bool
	National bool
}

// amount is one input of the form and the place of the resource that it fills.
type amount struct {
	input, place string
	most         int64
	label, hint  simpul.Text
	set          func(*Spec, int64)
	get          func(Spec) int64
}

func amounts() []amount {
	return []amount{
		{"perMinute", "spec.ratePerMinute", 10_000_000, simpul.Text{ID: "Panggilan per menit", EN: "Calls a minute"}, simpul.Text{ID: "Terisi kembali merata, misalnya 600.", EN: "Refilled evenly, such as 600."},
			func(s *Spec, n int64) { s.RatePerMinute = int(n) }, func(s Spec) int64 { return int64(s.RatePerMinute) }},
		{"burst", "spec.burst", 10_000_000, simpul.Text{ID: "Yang boleh datang bersamaan", EN: "That may come together"}, simpul.Text{ID: "Sesudah jeda. Kosong: sebanyak panggilan per menit.", EN: "After a rest. Empty: as many as the calls a minute."},
			func(s *Spec, n int64) { s.Burst = int(n) }, func(s Spec) int64 { return int64(s.Burst) }},
		{"perDay", "spec.perDay", 1_000_000_000_000, simpul.Text{ID: "Panggilan per hari", EN: "Calls a day"}, simpul.Text{ID: "Dari tengah malam ke tengah malam.", EN: "From midnight to midnight."},
			func(s *Spec, n int64) { s.PerDay = n }, func(s Spec) int64 { return s.PerDay }},
		{"perMonth", "spec.perMonth", 1_000_000_000_000, simpul.Text{ID: "Panggilan per bulan", EN: "Calls a month"}, simpul.Text{ID: "Dalam satu bulan kalender.", EN: "In a calendar month."},
			func(s *Spec, n int64) { s.PerMonth = n }, func(s Spec) int64 { return s.PerMonth }},
		{"concurrent", "spec.concurrent", 10_000, simpul.Text{ID: "Panggilan sekaligus", EN: "Calls at once"}, simpul.Text{ID: "Yang sedang berjalan pada satu saat.", EN: "Under way at one time."},
			func(s *Spec, n int64) { s.Concurrent = int(n) }, func(s Spec) int64 { return int64(s.Concurrent) }},
	}
}

// amounts are the inputs for the subject: the rate of a grant stands in the grant.
func (v setView) amounts() []amount {
	if v.Subject.Kind == simpul.SubjectGrant {
		return amounts()[1:]
	}
	return amounts()
}

func (p *Pages) setting(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v := setView{Kind: string(simpul.SubjectLID), Values: map[string]string{}, National: who.National}
	if named := r.URL.Query().Get("untuk"); named != "" {
		subject, err := simpul.ParseSubject(named)
		if err == nil {
			_, err = p.service.parties(r.Context(), who, subject)
		}
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		v.Subject = subject
		if err := p.fill(r.Context(), who, &v); err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	web.Render(w, r, http.StatusOK, setPage(v))
}

// fill enters the limit that there is.
func (p *Pages) fill(ctx context.Context, who simpul.Principal, v *setView) error {
	stored, err := p.service.Get(ctx, who, v.Subject.String())
	if simpul.CodeOf(err) == simpul.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	v.Exists = true
	v.Values["note"] = stored.Spec.Note
	for _, a := range amounts() {
		if n := a.get(stored.Spec); n > 0 {
			v.Values[a.input] = strconv.FormatInt(n, 10)
		}
	}
	return nil
}

func (p *Pages) set(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v, spec := entered(r, who)
	if len(v.Wrong) == 0 {
		_, err := p.service.Put(r.Context(), who, v.Kind+"/"+v.ID, spec, false)
		if err == nil {
			http.Redirect(w, r, Path+"?tersimpan="+url.QueryEscape(v.Kind+"/"+v.ID), http.StatusSeeOther)
			return
		}
		if !v.blame(err) {
			web.Fail(w, r, err)
			return
		}
	}
	web.Render(w, r, http.StatusUnprocessableEntity, setPage(v))
}

func (p *Pages) lift(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	if err := p.service.Delete(r.Context(), who, r.PostForm.Get("subject")); err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, Path+"?dihapus=1", http.StatusSeeOther)
}

// entered reads the form. What is no number is told at its input.
func entered(r *http.Request, who simpul.Principal) (v setView, spec Spec) {
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	v = setView{Kind: get("kind"), ID: get("id"), Values: map[string]string{"note": get("note")}, Wrong: map[string]simpul.Text{}, National: who.National, Exists: get("exists") != ""}
	if fixed, err := simpul.ParseSubject(get("subject")); err == nil {
		v.Subject, v.Kind, v.ID = fixed, string(fixed.Kind), fixed.ID
	}
	spec.Note = v.Values["note"]
	for _, a := range v.amounts() {
		text := get(a.input)
		v.Values[a.input] = text
		n, ok := readAmount(text, a.most)
		if !ok {
			v.Wrong[a.input] = simpul.Text{ID: "Bukan bilangan bulat dari 1 sampai " + strconv.FormatInt(a.most, 10) + ". Tulis dengan angka saja, atau kosongkan.", EN: "Not a whole number from 1 to " + strconv.FormatInt(a.most, 10) + ". Write digits only, or leave it empty."}
			continue
		}
		a.set(&spec, n)
	}
	return v, spec
}

// grouped is a number whose thousands are told apart as Indonesians do.
var grouped = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{3})+$`)

// readAmount reads a number from 1 to most; nothing entered is 0.
func readAmount(text string, most int64) (n int64, ok bool) {
	if text == "" {
		return 0, true
	}
	if grouped.MatchString(text) {
		text = strings.ReplaceAll(text, ".", "")
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= 1 && n <= most && text[0] != '+'
}

// blame puts what the service says at the input that it is about, and reports
// whether it can be mended in the form.
func (v *setView) blame(err error) bool {
	fault, coded := errors.AsType[*simpul.Error](err)
	if !coded || fault.Code == simpul.CodeInternal || fault.Code == simpul.CodeUnavailable {
		return false
	}
	input := ""
	for _, a := range v.amounts() {
		if a.place == fault.Place {
			input = a.input
		}
	}
	switch {
	case fault.Place == "spec.note":
		input = "note"
	case v.Subject.Kind == "" && (fault.Place == "metadata.id" || fault.Code == simpul.CodeDenied || fault.Code == simpul.CodeNotFound):
		input = "id"
	}
	v.Wrong[input] = simpul.Text{ID: fault.Message.ID + " " + fault.Remedy.ID, EN: fault.Message.EN + " " + fault.Remedy.EN}
	return true
}

// faults are all that is wrong, in the order of the form.
func (v setView) faults(ctx context.Context) (all web.Faults) {
	inputs := []string{"", "id"}
	for _, a := range v.amounts() {
		inputs = append(inputs, a.input)
	}
	for _, input := range append(inputs, "note") {
		if text, wrong := v.Wrong[input]; wrong {
			all = append(all, web.Fault{Input: input, Text: text.In(web.Language(ctx))})
		}
	}
	return all
}

func (v setView) at(ctx context.Context, input string) string {
	return v.Wrong[input].In(web.Language(ctx))
}
