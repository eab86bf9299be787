package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"simpul"
	"simpul/internal/platform/resource"
)

type onboardingCmd struct {
	List   onboardingListCmd   `cmd:"" help:"Tampilkan formulir menurut status." en:"Show forms by their state."`
	Get    onboardingGetCmd    `cmd:"" help:"Tampilkan satu formulir." en:"Show one form."`
	Accept onboardingAcceptCmd `cmd:"" help:"Terima formulir; instansi menjadi terdaftar." en:"Accept a form; the agency becomes registered."`
	Return onboardingReturnCmd `cmd:"" help:"Kembalikan formulir dengan alasan." en:"Return a form, with reasons."`
	Invite onboardingInviteCmd `cmd:"" help:"Undang admin pertama." en:"Invite the first administrator."`
	Lock   onboardingLockCmd   `cmd:"" help:"Kunci formulir yang diterima." en:"Lock an accepted form."`
	Write  onboardingWriteCmd  `cmd:"" help:"Tulis formulir instansi sendiri dari JSON pada masukan standar." en:"Write one's own agency's form from JSON on standard input."`
	Attach onboardingAttachCmd `cmd:"" help:"Lampirkan PDF pada formulir instansi sendiri." en:"Put a PDF beside one's own agency's form."`
	Submit onboardingSubmitCmd `cmd:"" help:"Kirim formulir instansi sendiri." en:"Submit one's own agency's form."`
}

// formArg is the argument of commands about one form.
type formArg struct {
	ID       string `arg:"" help:"ID formulir, dari onboarding list." en:"The form's ID, from onboarding list."`
	hubFlags `embed:""`
}

// ask sends one request about the form.
func (a formArg) ask(ctx context.Context, con *console, method string, body any, path ...string) (answer, error) {
	if err := checkSegment(a.ID, text("Lihat \"simpul onboarding list\".", "See \"simpul onboarding list\".")); err != nil {
		return answer{}, err
	}
	hub, err := a.open(con)
	if err != nil {
		return answer{}, err
	}
	var sent []byte
	if body != nil {
		if sent, err = json.Marshal(body); err != nil {
			return answer{}, err
		}
	}
	return hub.call(ctx, method, append([]string{"onboardings", a.ID}, path...), nil, sent)
}

type onboardingListCmd struct {
	State    string `enum:"submitted,returned,accepted,locked" default:"submitted" placeholder:"STATE" help:"submitted, returned, accepted, locked." en:"submitted, returned, accepted, locked."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*onboardingListCmd) Help() string { return "simpul onboarding list --state submitted" }

// Run lists the forms, the longest waiting first.
func (c *onboardingListCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodGet, []string{"onboardings"}, url.Values{"state": {c.State}}, nil)
	if err != nil {
		return err
	}
	var page struct {
		Items []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(got.body, &page); err != nil {
		return puzzling(err)
	}
	columns := []column{{text("ID", "ID"), "id"}, {text("INSTANSI", "AGENCY"), "agency"}, {text("NAMA", "NAME"), "name"}, {text("VERSI", "VERSION"), "version"}, {text("STATUS", "STATE"), "state"}, {text("TENGGAT", "DUE"), "due"}}
	return con.printTable(columns, func(yield func(json.RawMessage, error) bool) {
		for _, item := range page.Items {
			if !yield(item, nil) {
				return
			}
		}
	})
}

type onboardingGetCmd struct {
	formArg `embed:""`
}

// Help gives an example.
func (*onboardingGetCmd) Help() string { return "simpul onboarding get f-7f3a" }

// Run shows the last submitted version as JSON.
func (c *onboardingGetCmd) Run(ctx context.Context, con *console) error {
	got, err := c.ask(ctx, con, http.MethodGet, nil)
	return tell(con, got, err, "")
}

type onboardingAcceptCmd struct {
	formArg `embed:""`
	Version int `required:"" help:"Versi yang Anda baca." en:"The version that you read."`
}

// Help gives an example.
func (*onboardingAcceptCmd) Help() string { return "simpul onboarding accept f-7f3a --version 1" }

// Run accepts.
func (c *onboardingAcceptCmd) Run(ctx context.Context, con *console) error {
	got, err := c.ask(ctx, con, http.MethodPost, map[string]int{"version": c.Version}, "acceptance")
	return tell(con, got, err, "Onboarding "+c.ID+" accepted")
}

type onboardingReturnCmd struct {
	formArg `embed:""`
	Version int               `required:"" help:"Versi yang Anda baca." en:"The version that you read."`
	Reason  map[string]string `required:"" placeholder:"FIELD=TEXT" help:"Alasan pada sebuah isian, misalnya letterNumber=...; dapat diulang." en:"The reason at a field, such as letterNumber=...; can be repeated."`
}

// Help gives an example.
func (*onboardingReturnCmd) Help() string {
	return "simpul onboarding return f-7f3a --version 1 --reason letterNumber=\"Tidak sama dengan surat\""
}

// Run returns the form.
func (c *onboardingReturnCmd) Run(ctx context.Context, con *console) error {
	got, err := c.ask(ctx, con, http.MethodPost, map[string]any{"version": c.Version, "reasons": c.Reason}, "return")
	return tell(con, got, err, "Onboarding "+c.ID+" returned")
}

type onboardingInviteCmd struct {
	formArg `embed:""`
}

// Help gives an example.
func (*onboardingInviteCmd) Help() string { return "simpul onboarding invite f-7f3a" }

// Run invites the first of the team.
func (c *onboardingInviteCmd) Run(ctx context.Context, con *console) error {
	got, err := c.ask(ctx, con, http.MethodPost, nil, "invitation")
	return tell(con, got, err, "")
}

type onboardingLockCmd struct {
	formArg `embed:""`
}

// Help gives an example.
func (*onboardingLockCmd) Help() string { return "simpul onboarding lock f-7f3a" }

// Run locks the form.
func (c *onboardingLockCmd) Run(ctx context.Context, con *console) error {
	got, err := c.ask(ctx, con, http.MethodPost, nil, "lock")
	return tell(con, got, err, "Onboarding "+c.ID+" locked")
}

type onboardingWriteCmd struct {
	agencyArg `embed:""`
}

// Help gives an example.
func (*onboardingWriteCmd) Help() string {
	return "simpul onboarding write bandungkota.go.id < formulir.json"
}

// Run writes the form, which begins a new version after a locked one.
func (c *onboardingWriteCmd) Run(ctx context.Context, con *console) error {
	form, err := io.ReadAll(io.LimitReader(con.stdin, 256<<10))
	if err != nil {
		return err
	}
	if !json.Valid(form) {
		return usage(simpul.Invalid("",
			text("Masukan standar bukan JSON.", "Standard input is not JSON."),
			text("Mulai dari keluaran \"simpul onboarding get\", bagian form.", "Begin with what \"simpul onboarding get\" prints as form.")))
	}
	got, err := c.ask(ctx, con, http.MethodPut, json.RawMessage(strings.TrimSpace(string(form))), "onboarding")
	return tell(con, got, err, "Onboarding of "+c.Agency+" written")
}

type onboardingAttachCmd struct {
	agencyArg `embed:""`
	File      string `arg:"" type:"existingfile" help:"Berkas PDF, paling besar 5 MB." en:"PDF file of at most 5 MB."`
}

// Help gives an example.
func (*onboardingAttachCmd) Help() string {
	return "simpul onboarding attach bandungkota.go.id surat.pdf"
}

// maxAttachment is one byte more than the hub takes, so that the hub refuses
// what is longer.
const maxAttachment = 5<<20 + 1

// Run sends the file.
func (c *onboardingAttachCmd) Run(ctx context.Context, con *console) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxAttachment))
	if err != nil {
		return err
	}
	got, err := c.ask(ctx, con, http.MethodPost, map[string]any{"name": filepath.Base(c.File), "content": content}, "onboarding", "documents")
	return tell(con, got, err, "Document attached to the onboarding of "+c.Agency)
}

type onboardingSubmitCmd struct {
	agencyArg `embed:""`
}

// Help gives an example.
func (*onboardingSubmitCmd) Help() string { return "simpul onboarding submit bandungkota.go.id" }

// Run submits the form.
func (c *onboardingSubmitCmd) Run(ctx context.Context, con *console) error {
	if err := resource.Agency.Check(c.Agency); err != nil {
		return usage(placeless(err))
	}
	got, err := c.ask(ctx, con, http.MethodPost, nil, "onboarding", "submission")
	return tell(con, got, err, "Onboarding of "+c.Agency+" submitted")
}
