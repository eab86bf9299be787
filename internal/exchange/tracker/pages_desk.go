package tracker

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// registerDesk puts the screens of agencies on the mux.
func (p *Pages) registerDesk(mux *http.ServeMux) {
	mux.Handle("GET "+QuestionsPath, p.gate.Admit(simpul.AnswerPeople, p.desk))
	mux.Handle("GET "+QuestionsPath+"/{number}", p.gate.Admit(simpul.AnswerPeople, p.asked))
	mux.Handle("POST "+QuestionsPath+"/{number}", p.gate.Form(simpul.AnswerPeople, p.answer))
	mux.Handle("GET "+DelaysPath, p.gate.Admit(simpul.DelayDisclosure, p.delays))
	mux.Handle("POST "+DelaysPath, p.gate.Form(simpul.DelayDisclosure, p.delay))
}

// deskView is what the list of questions shows.
type deskView struct {
	Open, Answered []Question
	Names          Names
	Now            time.Time
	National       bool
}

const mostQuestions = 100

func (p *Pages) desk(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v := deskView{Names: p.config.Names, Now: p.service.Now(), National: who.National}
	var errs [2]error
	v.Open, errs[0] = p.service.Questions(r.Context(), who, true, httpapi.Page{Limit: mostQuestions})
	v.Answered, errs[1] = p.service.Questions(r.Context(), who, false, httpapi.Page{Limit: mostQuestions})
	if err := errors.Join(errs[:]...); err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, deskPage(v))
}

// askedView is what an agency sees of one question.
type askedView struct {
	Question
	Agency   string
	Exchange string // where the agency sees it
	Late     bool
	Entered  string
	Fault    *simpul.Error
}

func (p *Pages) asked(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.showAsked(w, r, who, "", nil)
}

func (p *Pages) showAsked(w http.ResponseWriter, r *http.Request, who simpul.Principal, entered string, fault *simpul.Error) {
	q, err := p.service.Question(r.Context(), who, r.PathValue("number"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	status := http.StatusOK
	if fault != nil {
		status = httpapi.Status(fault.Code)
	}
	web.Render(w, r, status, askedPage(askedView{q, p.config.Names.Agency(r.Context(), q.Agency), p.config.Exchange(q.Exchange), q.Late(p.service.Now()), entered, fault}))
}

func (p *Pages) answer(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	text := r.PostForm.Get("answer")
	q, err := p.service.Answer(r.Context(), who, r.PathValue("number"), text)
	fault, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		http.Redirect(w, r, QuestionPath(q.Number), http.StatusSeeOther)
	case !coded || fault.Code == simpul.CodeNotFound:
		web.Fail(w, r, err)
	default:
		p.showAsked(w, r, who, text, fault)
	}
}

// delaysView is what the screen of delays shows.
type delaysView struct {
	Delays  []Delay
	Policy  Policy
	Names   Names
	Now     time.Time
	Agency  simpul.AgencyID // of the visitor; empty for the nation
	Fault   *simpul.Error
	Entered url.Values
}

func (p *Pages) delays(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.showDelays(w, r, who, nil)
}

func (p *Pages) showDelays(w http.ResponseWriter, r *http.Request, who simpul.Principal, fault *simpul.Error) {
	v := delaysView{Names: p.config.Names, Now: p.service.Now(), Agency: who.Agency, Fault: fault, Entered: r.PostForm}
	var errs [2]error
	v.Delays, errs[0] = p.service.Delays(r.Context(), who)
	v.Policy, errs[1] = p.service.Policy(r.Context())
	if err := errors.Join(errs[:]...); err != nil {
		web.Fail(w, r, err)
		return
	}
	status := http.StatusOK
	if fault != nil {
		status = httpapi.Status(fault.Code)
	}
	web.Render(w, r, status, delaysPage(v))
}

func (p *Pages) delay(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	get := r.PostForm.Get
	wish := Wish{Agency: simpul.AgencyID(get("agency")), Kind: get("kind"), Subject: get("subject"), Basis: get("basis"), ShownFrom: dayOf(get("shownFrom"))}
	id, err := p.service.Delay(r.Context(), who, wish, get("why"))
	fault, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		http.Redirect(w, r, p.config.Proposal(id), http.StatusSeeOther)
	case !coded || fault.Place == "" && fault.Code != simpul.CodeNotFound:
		web.Fail(w, r, err)
	default:
		p.showDelays(w, r, who, fault)
	}
}

// dayOf is the end of a day of Jakarta; the zero time where the text is none.
func dayOf(text string) time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}
	}
	return day.AddDate(0, 0, 1).Add(-jakartaAhead)
}

// at is what is wrong with an input.
func (v delaysView) at(ctx context.Context, input string) string {
	if v.Fault == nil || v.Fault.Place != input {
		return ""
	}
	return faultOf(ctx, v.Fault)
}

func questionColumnsOf(ctx context.Context, v deskView) []web.Column {
	columns := []web.Column{{Label: web.T(ctx, "Pertanyaan", "Question")}}
	if v.National {
		columns = append(columns, web.Column{Label: web.T(ctx, "Instansi", "Agency")})
	}
	return append(columns, web.Column{Label: web.T(ctx, "Ditanyakan", "Asked")}, web.Column{Label: web.T(ctx, "Tenggat", "Due")}, web.Column{Label: web.T(ctx, "Keadaan", "State")})
}

func questionRows(ctx context.Context, v deskView, all []Question) [][]templ.Component {
	rows := make([][]templ.Component, len(all))
	for i, q := range all {
		row := []templ.Component{web.Link{Label: begin(q.Text), Href: QuestionPath(q.Number)}}
		if v.National {
			row = append(row, web.Text(v.Names.Agency(ctx, q.Agency)))
		}
		rows[i] = append(row, web.Time{At: q.AskedAt}, web.Time{At: q.DueAt}, questionBadge(ctx, q, v.Now))
	}
	return rows
}

// begin is the beginning of a text, for a list.
func begin(text string) string {
	const most = 80
	if r := []rune(plain(text)); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return plain(text)
}

func questionBadge(ctx context.Context, q Question, now time.Time) web.Badge {
	switch {
	case !q.Open():
		return web.Badge{Label: web.T(ctx, "Dijawab", "Answered"), Tone: web.Good}
	case q.Late(now):
		return web.Badge{Label: web.T(ctx, "Terlambat", "Late"), Tone: web.Bad}
	}
	return web.Badge{Label: web.T(ctx, "Menunggu", "Waiting"), Tone: web.Info}
}

func withheldRows(ctx context.Context, v homeView) [][]templ.Component {
	rows := make([][]templ.Component, len(v.Withheld))
	for i, one := range v.Withheld {
		rows[i] = []templ.Component{web.Text(v.Names.Agency(ctx, one.Agency)), web.Text(simpleNumber(one.Decisions)), web.Text(simpleNumber(one.Accesses)), web.Text(web.Date(ctx, one.Longest))}
	}
	return rows
}

func deskIntro(ctx context.Context, national bool) string {
	if national {
		return web.T(ctx, "Warga bertanya mengapa datanya dilihat. Instansi yang melihatnya yang menjawab; tegurlah yang melewati tenggatnya.", "People ask why their data were seen. The agency that saw them answers; remind those who are late.")
	}
	return web.T(ctx, "Warga bertanya mengapa instansi Anda melihat datanya. Jawab dengan kata-kata yang dimengerti siapa saja, sebelum tenggatnya.", "People ask why your agency looked at their data. Answer in words that anybody understands, before it is due.")
}

func kindOptions(ctx context.Context, chosen string) []web.Option {
	return []web.Option{
		{Value: ByCase, Label: web.T(ctx, "Nomor berkas atau perkara", "Number of a case"), Selected: chosen != ByGrant, Note: web.T(ctx, "Nomor yang dikirim aplikasi bersama panggilannya, pada kepala Case-Number.", "The number that the application sends with its calls, in the header Case-Number.")},
		{Value: ByGrant, Label: web.T(ctx, "Izin", "Grant"), Selected: chosen == ByGrant, Note: web.T(ctx, "Semua akses dengan izin itu.", "All accesses under that grant.")},
	}
}

func delayRows(ctx context.Context, v delaysView) [][]templ.Component {
	rows := make([][]templ.Component, len(v.Delays))
	for i, d := range v.Delays {
		state := web.Badge{Label: web.T(ctx, "Ditunda", "Kept back"), Tone: web.Caution}
		if d.Over(v.Now) {
			state = web.Badge{Label: web.T(ctx, "Sudah diungkapkan", "Disclosed"), Tone: web.Good}
		}
		rows[i] = []templ.Component{web.Text(d.Subject), web.Text(v.Names.Agency(ctx, d.Agency)), web.Text(d.Basis), web.Text(web.Date(ctx, d.ShownFrom)), web.Text(d.ProposedBy + " · " + d.DecidedBy), state}
	}
	return rows
}

func firstOf(v listView) string {
	if v.Cursor == "" {
		return ""
	}
	return v.base + "?" + v.query().Encode()
}

func nextOf(v listView) string {
	if v.Next == "" {
		return ""
	}
	q := v.query()
	q.Set("cursor", v.Next)
	return v.base + "?" + q.Encode()
}

func (v listView) query() url.Values {
	q := url.Values{}
	if v.Filter.Month != "" {
		q.Set("bulan", string(v.Filter.Month))
	}
	if v.Filter.Agency != "" {
		q.Set("instansi", string(v.Filter.Agency))
	}
	return q
}

// agencyFault is what is wrong with the agency: one that is not the visitor's is
// as unknown as one that does not exist.
func agencyFault(ctx context.Context, v delaysView) string {
	if v.Fault != nil && v.Fault.Code == simpul.CodeNotFound {
		return faultOf(ctx, v.Fault)
	}
	return ""
}
