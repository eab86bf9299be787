package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"simpul"
)

type trackerCmd struct {
	List      trackerListCmd      `cmd:"" help:"Tampilkan siapa yang melihat data seseorang." en:"Show who looked at a person's data."`
	Ask       trackerAskCmd       `cmd:"" help:"Tanyakan alasan sebuah akses atas nama orangnya." en:"Ask why, for the person."`
	Proof     trackerProofCmd     `cmd:"" help:"Ambil bukti sebuah akses untuk orangnya." en:"Get the proof of an access, for the person."`
	Questions trackerQuestionsCmd `cmd:"" help:"Tampilkan pertanyaan warga kepada instansi Anda." en:"Show the questions of people to your agency."`
	Answer    trackerAnswerCmd    `cmd:"" help:"Jawab pertanyaan seorang warga." en:"Answer a person's question."`
	Delay     trackerDelayCmd     `cmd:"" help:"Usulkan penundaan pengungkapan akses." en:"Propose to show accesses later."`
	Delays    trackerDelaysCmd    `cmd:"" help:"Tampilkan keputusan penundaan instansi Anda." en:"Show your agency's decisions to delay."`
	Status    trackerStatusCmd    `cmd:"" help:"Tampilkan sampai mana jejak sudah dibaca." en:"Show how far the view has read."`
	Rebuild   trackerRebuildCmd   `cmd:"" help:"Buang jejak dan buat ulang dari jurnal." en:"Drop the view and make it anew from the journals."`
	Destroy   trackerDestroyCmd   `cmd:"" help:"Musnahkan kunci sebuah bulan." en:"Destroy the key of a month."`
}

type trackerListCmd struct {
	Reason   string `required:"" placeholder:"TEXT" help:"Mengapa dibuka; dibaca oleh orangnya." en:"Why it is opened; the person reads it."`
	Month    string `placeholder:"YYYY-MM" help:"Hanya bulan ini." en:"Only this month."`
	Agency   string `placeholder:"DOMAIN" help:"Hanya instansi ini." en:"Only this agency."`
	Output   string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text atau json." en:"text or json."`
	hubFlags `embed:""`
}

// Help gives an example. The NIK is read from standard input, so that it stands
// neither in the list of processes nor in the shell's history.
func (*trackerListCmd) Help() string {
	return "simpul tracker list --reason \"Diminta di loket 3\" < nik.txt"
}

// longestNIK is how much of standard input is read for a NIK, bytes.
const longestNIK = 64

// Run prints one sentence for each access.
func (c *trackerListCmd) Run(ctx context.Context, con *console) error {
	given, err := io.ReadAll(io.LimitReader(con.stdin, longestNIK))
	if err != nil {
		return err
	}
	nik, err := simpul.ParseNIK(strings.TrimSpace(string(given)))
	if err != nil {
		return usage(err)
	}
	body := map[string]string{"nik": string(nik), "reason": c.Reason}
	for name, value := range map[string]string{"month": c.Month, "agency": c.Agency} {
		if value != "" {
			body[name] = value
		}
	}
	got, err := c.send(ctx, con, http.MethodPost, []string{"tracker", "accesses"}, body)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", got)
		return err
	}
	var page struct {
		Look  string
		Items []struct {
			Exchange string
			Sentence simpul.Text
		}
	}
	if err := json.Unmarshal(got, &page); err != nil {
		return puzzling(err)
	}
	for _, one := range page.Items {
		if _, err := fmt.Fprintf(con.stdout, "%s %s\n", one.Exchange, one.Sentence.In(con.lang)); err != nil {
			return err
		}
	}
	con.say(text("Pembukaan ini tercatat dan terlihat oleh orangnya. Untuk bertanya: simpul tracker ask --look %[1]s NOMOR \"…\". Untuk buktinya: simpul tracker proof --look %[1]s NOMOR --out bukti.json.",
		"This opening is recorded, and the person sees it. To ask: simpul tracker ask --look %[1]s NUMBER \"…\". For its proof: simpul tracker proof --look %[1]s NUMBER --out bukti.json.", page.Look))
	return nil
}

// send calls the hub with a JSON body and returns the answer's.
func (f hubFlags) send(ctx context.Context, con *console, method string, path []string, body any) ([]byte, error) {
	hub, err := f.open(con)
	if err != nil {
		return nil, err
	}
	var content []byte
	if body != nil {
		if content, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	got, err := hub.call(ctx, method, path, nil, content)
	if err != nil {
		return nil, err
	}
	return got.body, nil
}

type trackerAskCmd struct {
	Exchange string `arg:"" help:"Nomor pertukaran, dari tracker list." en:"Number of the exchange, from tracker list."`
	Question string `arg:"" help:"Yang ingin diketahui orangnya." en:"What the person wants to know."`
	Look     string `required:"" placeholder:"ID" help:"Pembukaan jejak, dari tracker list." en:"The opened tracker, from tracker list."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*trackerAskCmd) Help() string {
	return "simpul tracker ask --look l-k3m9q2x7w4t8v5ab 01a21079-6180-7e06-9fe9-de76d84be225 \"Mengapa data saya dilihat?\""
}

// Run asks, and prints the number with which the person sees the answer.
func (c *trackerAskCmd) Run(ctx context.Context, con *console) error {
	got, err := c.send(ctx, con, http.MethodPost, []string{"tracker", "questions"}, map[string]string{"look": c.Look, "exchange": c.Exchange, "question": c.Question})
	if err != nil {
		return err
	}
	var q struct{ Number string }
	if err := json.Unmarshal(got, &q); err != nil {
		return puzzling(err)
	}
	_, err = fmt.Fprintln(con.stdout, q.Number)
	return err
}

type trackerQuestionsCmd struct {
	Answered bool   `help:"Yang sudah dijawab." en:"Those that were answered."`
	Output   string `short:"o" enum:"table,json" default:"table" placeholder:"table|json" help:"table atau json." en:"table or json."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*trackerQuestionsCmd) Help() string { return "simpul tracker questions" }

// Run lists the questions.
func (c *trackerQuestionsCmd) Run(ctx context.Context, con *console) error {
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	query := url.Values{"state": {"open"}}
	if c.Answered {
		query.Set("state", "answered")
	}
	got, err := hub.call(ctx, http.MethodGet, []string{"tracker", "questions"}, query, nil)
	if err != nil {
		return err
	}
	return con.printItems(got.body, c.Output, []column{{text("NOMOR", "NUMBER"), "number"}, {text("INSTANSI", "AGENCY"), "agency"},
		{text("TENGGAT", "DUE"), "dueAt"}, {text("PERTANYAAN", "QUESTION"), "question"}})
}

// printItems prints the items of an answer.
func (con *console) printItems(body []byte, output string, columns []column) error {
	if output == "json" {
		_, err := fmt.Fprintf(con.stdout, "%s\n", body)
		return err
	}
	var list struct{ Items []json.RawMessage }
	if err := json.Unmarshal(body, &list); err != nil {
		return puzzling(err)
	}
	return con.printTable(columns, func(yield func(json.RawMessage, error) bool) {
		for _, item := range list.Items {
			if !yield(item, nil) {
				return
			}
		}
	})
}

type trackerAnswerCmd struct {
	Number   string `arg:"" help:"Nomor pertanyaan." en:"Number of the question."`
	Answer   string `arg:"" help:"Jawaban, dengan kata-kata yang dimengerti siapa saja." en:"The answer, in words that anybody understands."`
	hubFlags `embed:""`
}

// Help gives an example.
func (*trackerAnswerCmd) Help() string {
	return "simpul tracker answer t-k3m9q2x7w4t8v5ab \"Anda mendaftar bantuan pada 3 November.\""
}

// Run answers.
func (c *trackerAnswerCmd) Run(ctx context.Context, con *console) error {
	if _, err := c.send(ctx, con, http.MethodPost, []string{"tracker", "questions", c.Number, "answer"}, map[string]string{"answer": c.Answer}); err != nil {
		return err
	}
	con.say(text("Terjawab; warga melihatnya dengan nomor pertanyaannya.", "Answered; the person sees it with the number of the question."))
	return nil
}
