package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"simpul"
)

type accessCmd struct {
	Request  accessRequestCmd  `cmd:"" help:"Ajukan akses ke sebuah LID." en:"Ask for access to a LID."`
	List     accessListCmd     `cmd:"" help:"Tampilkan permohonan akses." en:"Show requests for access."`
	Get      accessGetCmd      `cmd:"" help:"Tampilkan satu permohonan." en:"Show one request."`
	Mend     accessMendCmd     `cmd:"" help:"Perbaiki permohonan yang dikembalikan, lalu kirim lagi." en:"Mend a request that was returned, and submit it again."`
	Withdraw accessWithdrawCmd `cmd:"" help:"Tarik permohonan sendiri." en:"Withdraw a request of your own."`
	Decide   accessDecideCmd   `cmd:"" help:"Putuskan permohonan kepada instansi Anda." en:"Decide on a request to your agency."`
	Renew    accessRenewCmd    `cmd:"" help:"Ajukan perpanjangan sebuah izin." en:"Ask for a renewal of a grant."`
	Suspend  accessSuspendCmd  `cmd:"" help:"Bekukan sebuah izin dengan alasan." en:"Suspend a grant, for a reason."`
	Resume   accessResumeCmd   `cmd:"" help:"Aktifkan kembali izin yang dibekukan." en:"Resume a suspended grant."`
	Revoke   accessRevokeCmd   `cmd:"" help:"Cabut sebuah izin dengan alasan." en:"Revoke a grant, for a reason."`
	Explain  accessExplainCmd  `cmd:"" help:"Cari tahu mengapa sebuah panggilan ditolak." en:"Find out why a call is refused."`
}

// accessTerms are how much is asked, or given.
type accessTerms struct {
	Fields        []string    `json:"fields,omitempty"`
	Rows          []accessRow `json:"rows,omitempty"`
	RatePerMinute int         `json:"ratePerMinute"`
	From          *time.Time  `json:"from,omitempty"`
	Until         *time.Time  `json:"until,omitempty"`
}

type accessRow struct {
	Parameter string   `json:"parameter"`
	Values    []string `json:"values"`
}

type accessAsk struct {
	LID         string `json:"lid"`
	Application string `json:"application"`
	Purpose     string `json:"purpose"`
	LegalBasis  string `json:"legalBasis"`
	Contact     string `json:"contact,omitempty"`
	accessTerms
}

// parseRows reads "kode=32.73,32.74".
func parseRows(given []string) (rows []accessRow, err error) {
	for _, one := range given {
		name, values, ok := strings.Cut(one, "=")
		if !ok || name == "" || values == "" {
			return nil, usage(simpul.Invalid("",
				text("Batas baris %q tidak sah.", "Row limit %q is not valid.", one),
				text("Tulis parameter=nilai, misalnya kode=32.73,32.74.", "Write parameter=value, such as kode=32.73,32.74.")))
		}
		rows = append(rows, accessRow{name, strings.Split(values, ",")})
	}
	return rows, nil
}

type accessRequestCmd struct {
	LID         string   `arg:"" name:"lid" help:"Alamat LID, misalnya master/Kota." en:"The LID's address, such as master/Kota."`
	Application string   `required:"" placeholder:"ID" help:"Aplikasi yang akan memanggil." en:"The application that will call."`
	Purpose     string   `required:"" placeholder:"TEXT" help:"Tujuan, dalam kalimat yang dimengerti warga." en:"What for, in a sentence that a citizen understands."`
	LegalBasis  string   `required:"" placeholder:"TEXT" help:"Peraturan dan pasal, atau perjanjian." en:"Regulation and article, or agreement."`
	Until       string   `required:"" placeholder:"DAY|Nd" help:"Sampai kapan: tanggal (2027-06-30) atau jumlah hari (90d)." en:"Until when: a day (2027-06-30) or a number of days (90d)."`
	Field       []string `placeholder:"PATH" help:"Kolom yang diperlukan, boleh berulang; semua bila tidak ada." en:"A field that is needed, may be repeated; all without one."`
	Row         []string `sep:"none" placeholder:"PARAM=VALUES" help:"Batasi baris, misalnya kode=32.73,32.74; boleh berulang." en:"Confine the rows, such as kode=32.73,32.74; may be repeated."`
	Rate        int      `default:"60" placeholder:"N" help:"Panggilan per menit; bawaan 60." en:"Calls a minute; 60 unless given."`
	Contact     string   `placeholder:"TEXT" help:"Siapa yang dapat ditanyai penyedia." en:"Whom the provider may ask."`
	hubFlags    `embed:""`
}

// Help gives an example.
func (*accessRequestCmd) Help() string {
	return "simpul access request master/Desa --application layanan@bandungkota.go.id --purpose \"Memeriksa alamat pemohon KTP\" --legal-basis \"UU 24/2013 pasal 58\" --until 365d --field items.kode --row kode=32.73"
}

// Run submits the request.
func (c *accessRequestCmd) Run(ctx context.Context, con *console) error {
	until, err := parseExpiry(c.Until, time.Now())
	if err != nil {
		return err
	}
	rows, err := parseRows(c.Row)
	if err != nil {
		return err
	}
	body, err := json.Marshal(accessAsk{c.LID, c.Application, c.Purpose, c.LegalBasis, c.Contact, accessTerms{c.Field, rows, c.Rate, nil, until}})
	if err != nil {
		return err
	}
	return onRequest(ctx, con, c.hubFlags, nil, body)
}

// requested is a request as the API shows it.
type requested struct {
	ID, State, Grant, Proposal, Due string

	Version   int      `json:"version"`
	Sentences []inBoth `json:"sentences"`
	Versions  []struct {
		Ask    accessAsk `json:"ask"`
		Reason string    `json:"reason"`
	} `json:"versions"`
}

// onRequest posts to a request, or a new one, and says where it is then.
func onRequest(ctx context.Context, con *console, flags hubFlags, rest []string, body []byte) error {
	hub, err := flags.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodPost, append([]string{"requests"}, rest...), nil, body)
	if err != nil {
		return err
	}
	r, err := readRequest(got)
	if err != nil {
		return err
	}
	line := "Request " + r.ID + " " + r.State
	switch {
	case r.Grant != "":
		line += ", grant " + r.Grant
	case r.Proposal != "":
		line += ", proposal " + r.Proposal
	}
	_, err = fmt.Fprintln(con.stdout, printable(line))
	return err
}

func readRequest(got answer) (r requested, err error) {
	if err := json.Unmarshal(got.body, &r); err != nil {
		return r, puzzling(err)
	}
	return r, nil
}

type accessListCmd struct {
	State    string `enum:"submitted,returned,approved,refused,withdrawn,lapsed,all" default:"all" placeholder:"STATE" help:"Keadaan: submitted, returned, approved, refused, withdrawn, lapsed, atau all." en:"State: submitted, returned, approved, refused, withdrawn, lapsed, or all."`
	Side     string `enum:"consumer,provider,both" default:"both" placeholder:"SIDE" help:"consumer (yang kami ajukan), provider (yang masuk), atau both." en:"consumer (what we ask), provider (what we are asked), or both."`
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*accessListCmd) Help() string {
	return "simpul access list\nsimpul access list --side provider --state submitted"
}

// Run lists requests.
func (c *accessListCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	query := url.Values{}
	if c.State != "all" {
		query.Set("state", c.State)
	}
	if c.Side != "both" {
		query.Set("side", c.Side)
	}
	items := hub.listWhere(ctx, query, "requests")
	if c.Output == "json" {
		return printList(con.stdout, items)
	}
	return con.printTable([]column{{text("ID", "ID"), "id"}, {text("LID", "LID"), "lid"}, {text("APLIKASI", "APPLICATION"), "application"},
		{text("KEADAAN", "STATE"), "state"}, {text("TENGGAT", "DUE"), "due"}}, items)
}

// requestID is the argument that every command on one request has.
type requestID struct {
	ID string `arg:"" help:"ID permohonan, dari access list." en:"The request's ID, from access list."`
}

func (r requestID) check() error {
	return checkSegment(r.ID, text("Salin ID dari \"simpul access list\".", "Copy the ID from \"simpul access list\"."))
}

func (r requestID) read(ctx context.Context, hub *hub) (requested, error) {
	got, err := hub.call(ctx, http.MethodGet, []string{"requests", r.ID}, nil, nil)
	if err != nil {
		return requested{}, err
	}
	return readRequest(got)
}

type accessGetCmd struct {
	requestID `embed:""`
	hubFlags  `embed:""`
}

// Help gives an example.
func (*accessGetCmd) Help() string { return "simpul access get p-261123090000-k3m9xq" }

// Run shows one request in sentences.
func (c *accessGetCmd) Run(ctx context.Context, con *console) error {
	if err := c.check(); err != nil {
		return err
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	r, err := c.read(ctx, hub)
	if err != nil {
		return err
	}
	lines := []string{r.ID + "  (" + r.State + ")"}
	for _, s := range r.Sentences {
		lines = append(lines, s.in(con.lang))
	}
	if len(r.Versions) > 0 && r.Versions[0].Reason != "" {
		lines = append(lines, text("Alasan: ", "Reason: ").In(con.lang)+r.Versions[0].Reason)
	}
	_, err = fmt.Fprintln(con.stdout, printable(strings.Join(lines, "\n")))
	return err
}

type accessDecideCmd struct {
	requestID       `embed:""`
	Verdict         string   `arg:"" enum:"approve,return,refuse" help:"approve, return, atau refuse." en:"approve, return or refuse."`
	Reason          string   `placeholder:"TEXT" help:"Alasan; wajib untuk return dan refuse." en:"Reason; needed to return and to refuse."`
	Field           []string `placeholder:"PATH" help:"Beri hanya kolom ini." en:"Give these fields only."`
	Row             []string `sep:"none" placeholder:"PARAM=VALUES" help:"Beri hanya baris ini." en:"Give these rows only."`
	Rate            int      `placeholder:"N" help:"Beri paling banyak sekian panggilan per menit." en:"Give at most so many calls a minute."`
	Until           string   `placeholder:"DAY|Nd" help:"Beri sampai hari ini saja." en:"Give until this day only."`
	AgreementNumber string   `placeholder:"TEXT" help:"Nomor perjanjian, untuk LID tertutup." en:"Number of the agreement, for a closed LID."`
	AgreementDate   string   `placeholder:"DAY" help:"Tanggal perjanjian." en:"Date of the agreement."`
	hubFlags        `embed:""`
}

// Help gives examples.
func (*accessDecideCmd) Help() string {
	return "simpul access decide p-261123090000-k3m9xq approve --field items.kode --rate 30\nsimpul access decide p-261123090000-k3m9xq refuse --reason \"dasar hukumnya tidak mencakup tujuan ini\""
}

// verdictBody is a decision as the API reads it.
type verdictBody struct {
	Version   int          `json:"version"`
	Verdict   string       `json:"verdict"`
	Reason    string       `json:"reason,omitempty"`
	Terms     *accessTerms `json:"terms,omitempty"`
	Agreement *agreed      `json:"agreement,omitempty"`
}

type agreed struct {
	Number string `json:"number"`
	Date   string `json:"date"`
}

// Run decides on the version that is the newest now; what is not narrowed is
// given as it was asked.
func (c *accessDecideCmd) Run(ctx context.Context, con *console) error {
	if err := c.check(); err != nil {
		return err
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	r, err := c.read(ctx, hub)
	if err != nil {
		return err
	}
	decision := verdictBody{Version: r.Version, Verdict: map[string]string{"approve": "approved", "return": "returned", "refuse": "refused"}[c.Verdict], Reason: c.Reason}
	if c.Verdict == "approve" && len(r.Versions) > 0 {
		if decision.Terms, err = c.narrowed(r.Versions[0].Ask.accessTerms); err != nil {
			return err
		}
	}
	if c.AgreementNumber != "" {
		decision.Agreement = &agreed{c.AgreementNumber, c.AgreementDate}
	}
	body, err := json.Marshal(decision)
	if err != nil {
		return err
	}
	return onRequest(ctx, con, c.hubFlags, []string{c.ID, "decision"}, body)
}

func (c *accessDecideCmd) narrowed(t accessTerms) (*accessTerms, error) {
	rows, err := parseRows(c.Row)
	if err != nil {
		return nil, err
	}
	until, err := parseExpiry(c.Until, time.Now())
	if err != nil {
		return nil, err
	}
	if len(rows) > 0 {
		t.Rows = rows
	}
	if until != nil {
		t.Until = until
	}
	if len(c.Field) > 0 {
		t.Fields = c.Field
	}
	if c.Rate > 0 {
		t.RatePerMinute = c.Rate
	}
	return &t, nil
}
