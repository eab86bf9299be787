package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"simpul"
)

type proposalCmd struct {
	List     proposalListCmd     `cmd:"" help:"Tampilkan usulan yang menunggu orang kedua." en:"Show the proposals that wait for a second person."`
	Get      proposalGetCmd      `cmd:"" help:"Tampilkan satu usulan dan apa yang akan diubahnya." en:"Show one proposal and what it would change."`
	Approve  proposalApproveCmd  `cmd:"" help:"Setujui usulan orang lain; isinya langsung berlaku." en:"Approve somebody else's proposal; it takes effect at once."`
	Reject   proposalRejectCmd   `cmd:"" help:"Tolak usulan orang lain." en:"Reject somebody else's proposal."`
	Withdraw proposalWithdrawCmd `cmd:"" help:"Tarik usulan sendiri." en:"Withdraw a proposal of your own."`
}

// proposed is a proposal as the API shows it.
type proposed struct {
	ID      string `json:"id"`
	State   string `json:"state"`
	Changes []struct {
		Term          inBoth `json:"term"`
		Before, After string
	} `json:"changes"`
	Action, Subject, Agency, Proposer, Why, Digest, Decider, Reason, LapsesAt string

	Failure inBoth `json:"failure"`
}

// inBoth is a sentence of the API in both languages.
type inBoth struct {
	ID string `json:"id"`
	EN string `json:"en"`
}

func (b inBoth) in(l simpul.Language) string { return simpul.Text(b).In(l) }

type proposalListCmd struct {
	State    string `enum:"open,approved,rejected,withdrawn,lapsed,all" default:"open" placeholder:"STATE" help:"Keadaan: open, approved, rejected, withdrawn, lapsed, atau all." en:"State: open, approved, rejected, withdrawn, lapsed, or all."`
	Mine     bool   `help:"Hanya usulan sendiri." en:"Your own proposals only."`
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives examples.
func (*proposalListCmd) Help() string {
	return "simpul proposal list\nsimpul proposal list --state all --mine"
}

// Run lists proposals, newest first.
func (c *proposalListCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	query := url.Values{}
	if c.State != "all" {
		query.Set("state", c.State)
	}
	if c.Mine {
		query.Set("mine", "true")
	}
	items := hub.listWhere(ctx, query, "proposals")
	if c.Output == "json" {
		return printList(con.stdout, items)
	}
	return con.printTable([]column{{text("ID", "ID"), "id"}, {text("TINDAKAN", "ACTION"), "action"}, {text("PERIHAL", "SUBJECT"), "subject"},
		{text("PENGUSUL", "PROPOSER"), "proposer"}, {text("KEADAAN", "STATE"), "state"}, {text("GUGUR", "LAPSES"), "lapsesAt"}}, items)
}

// proposalID is the argument that every command on one proposal has.
type proposalID struct {
	ID string `arg:"" help:"ID usulan, dari proposal list." en:"The proposal's ID, from proposal list."`
}

func (p proposalID) path(rest ...string) ([]string, error) {
	if p.ID == "" || p.ID == "." || p.ID == ".." {
		return nil, usage(simpul.Invalid("",
			text("ID usulan %q tidak sah.", "Proposal ID %q is not valid.", p.ID),
			text("Salin ID dari \"simpul proposal list\".", "Copy the ID from \"simpul proposal list\".")))
	}
	return append([]string{"proposals", p.ID}, rest...), nil
}

type proposalGetCmd struct {
	proposalID `embed:""`
	Output     string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text, atau json dengan isi selengkapnya." en:"text, or json with the whole content."`
	hubFlags   `embed:""`
}

// Help gives an example.
func (*proposalGetCmd) Help() string { return "simpul proposal get u-4h7x2m9qk3ab" }

// Run shows one proposal, what it changes marked by an asterisk.
func (c *proposalGetCmd) Run(ctx context.Context, con *console) error {
	path, err := c.path()
	if err != nil {
		return err
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodGet, path, nil, nil)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", strings.TrimSpace(string(got.body)))
		return err
	}
	var p proposed
	if err := json.Unmarshal(got.body, &p); err != nil {
		return puzzling(err)
	}
	return con.printProposal(p)
}

func (c *console) printProposal(p proposed) error {
	var b strings.Builder
	line := func(t simpul.Text, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", t.In(c.lang), value)
		}
	}
	fmt.Fprintf(&b, "%s  %s %s  (%s)\n", p.ID, p.Action, p.Subject, p.State)
	line(text("Pengusul", "Proposer"), p.Proposer)
	line(text("Alasan", "Why"), p.Why)
	line(text("Instansi", "Agency"), p.Agency)
	line(text("Gugur pada", "Lapses"), p.LapsesAt)
	line(text("Pemutus", "Decided by"), p.Decider)
	line(text("Alasan keputusan", "Reason of the decision"), p.Reason)
	line(text("Pelaksanaan terakhir gagal", "Last execution failed"), p.Failure.in(c.lang))
	line(text("Sidik isi", "Fingerprint"), p.Digest)
	for _, ch := range p.Changes {
		mark := " "
		if ch.Before != ch.After {
			mark = "*"
		}
		if ch.Before == "" && ch.After == "" {
			continue
		}
		fmt.Fprintf(&b, "%s %s: %s → %s\n", mark, ch.Term.in(c.lang), cmp.Or(ch.Before, "–"), cmp.Or(ch.After, "–"))
	}
	_, err := fmt.Fprint(c.stdout, printable(b.String()))
	return err
}

type proposalApproveCmd struct {
	proposalID `embed:""`
	Reason     string `required:"" placeholder:"TEXT" help:"Apa yang Anda periksa." en:"What you checked."`
	hubFlags   `embed:""`
}

// Help gives an example.
func (*proposalApproveCmd) Help() string {
	return "simpul proposal approve u-4h7x2m9qk3ab --reason \"kontrak dan dasar hukum sudah diperiksa\""
}

// Run approves.
func (c *proposalApproveCmd) Run(ctx context.Context, con *console) error {
	return decide(ctx, con, c.hubFlags, c.proposalID, "approve", c.Reason)
}

type proposalRejectCmd struct {
	proposalID `embed:""`
	Reason     string `required:"" placeholder:"TEXT" help:"Apa yang harus diubah." en:"What has to change."`
	hubFlags   `embed:""`
}

// Help gives an example.
func (*proposalRejectCmd) Help() string {
	return "simpul proposal reject u-4h7x2m9qk3ab --reason \"dasar hukum belum disebut\""
}

// Run rejects.
func (c *proposalRejectCmd) Run(ctx context.Context, con *console) error {
	return decide(ctx, con, c.hubFlags, c.proposalID, "reject", c.Reason)
}

func decide(ctx context.Context, con *console, flags hubFlags, id proposalID, verdict, reason string) error {
	body, err := json.Marshal(map[string]string{"verdict": verdict, "reason": reason})
	if err != nil {
		return err
	}
	return actOn(ctx, con, flags, id, "decision", body)
}

// actOn posts to a proposal and says where it is then.
func actOn(ctx context.Context, con *console, flags hubFlags, id proposalID, what string, body []byte) error {
	path, err := id.path(what)
	if err != nil {
		return err
	}
	hub, err := flags.open(con)
	if err != nil {
		return err
	}
	got, err := hub.call(ctx, http.MethodPost, path, nil, body)
	if err != nil {
		return err
	}
	var p proposed
	if err := json.Unmarshal(got.body, &p); err != nil {
		return puzzling(err)
	}
	_, err = fmt.Fprintf(con.stdout, "Proposal %s %s\n", printable(p.ID), printable(p.State))
	return err
}

type proposalWithdrawCmd struct {
	proposalID `embed:""`
	hubFlags   `embed:""`
}

// Help gives an example.
func (*proposalWithdrawCmd) Help() string { return "simpul proposal withdraw u-4h7x2m9qk3ab" }

// Run withdraws.
func (c *proposalWithdrawCmd) Run(ctx context.Context, con *console) error {
	return actOn(ctx, con, c.hubFlags, c.proposalID, "withdrawal", nil)
}

// waits reports whether the hub put a change before a second person, and the
// proposal's ID where there is one.
func (a answer) waits() (proposal string, waits bool, err error) {
	if a.status != http.StatusAccepted {
		return "", false, nil
	}
	var made struct {
		Proposal string `json:"proposal"`
	}
	if err := json.Unmarshal(a.body, &made); err != nil {
		return "", true, puzzling(err)
	}
	return made.Proposal, true, nil
}
