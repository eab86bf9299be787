package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"simpul/internal/platform/resource"
)

type lidCmd struct {
	Step       lidStepCmd       `cmd:"" help:"Pindahkan LID ke langkah lain daur hidupnya." en:"Take a LID to another step of its life cycle."`
	Revisions  lidRevisionsCmd  `cmd:"" help:"Tampilkan revisi sebuah LID." en:"Show the revisions of a LID."`
	Diff       lidDiffCmd       `cmd:"" help:"Bandingkan dua revisi, atau berkas dengan yang tersimpan." en:"Compare two revisions, or a file with what is stored."`
	Test       lidTestCmd       `cmd:"" help:"Uji kelaikan LID dan tampilkan laporannya." en:"Test whether a LID is fit and show the report."`
	Waive      lidWaiveCmd      `cmd:"" help:"Tandatangani pengecualian uji kelaikan." en:"Sign a waiver of the feasibility test."`
	Preview    lidPreviewCmd    `cmd:"" name:"changes-preview" help:"Coba perubahan jawaban LID pada sebuah contoh jawaban." en:"Try the changes of a LID on a sample answer."`
	Purge      lidPurgeCmd      `cmd:"" help:"Hapus jawaban LID yang disimpan hub." en:"Forget the answers of a LID that the hub keeps."`
	Violations lidViolationsCmd `cmd:"" help:"Tampilkan apa yang tidak sesuai kontrak pada panggilan dan jawaban LID." en:"Show what calls and answers of a LID are not as its contract says."`
	Snippet    lidSnippetCmd    `cmd:"" help:"Tulis panggilan sebuah LID sebagai program." en:"Write a call of a LID as a program."`
	Credential lidCredentialCmd `cmd:"" help:"Atur kredensial hub kepada penyedia LID." en:"Set the hub's credential for a LID's provider."`
	Canary     lidCanaryCmd     `cmd:"" help:"Lihat, mulai lagi, jadikan, atau akhiri canary LID." en:"See, restart, promote or end the canary of a LID."`
}

// lidArg is the argument that every LID command has.
type lidArg struct {
	LID      string `arg:"" name:"lid" help:"Alamat LID, misalnya master/Kota." en:"The LID's address, such as master/Kota."`
	hubFlags `embed:""`
}

// ask sends one request about the LID.
func (a lidArg) ask(ctx context.Context, con *console, method string, body any, path ...string) (answer, error) {
	if err := resource.LID.Check(a.LID); err != nil {
		return answer{}, usage(placeless(err))
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
	return hub.call(ctx, method, append(item(resource.LID, a.LID), path...), nil, sent)
}

type lidStepCmd struct {
	lidArg `embed:""`
	Step   string `arg:"" help:"Langkah yang dituju, misalnya testing." en:"The step to take it to, such as testing."`
	Note   string `placeholder:"TEXT" help:"Catatan bagi pembaca riwayat LID." en:"A note for readers of the LID's history."`
}

// Help gives an example.
func (*lidStepCmd) Help() string { return "simpul lid step kesehatan/Imunisasi testing" }

// Run moves the LID.
func (c *lidStepCmd) Run(ctx context.Context, con *console) error {
	got, err := c.ask(ctx, con, http.MethodPost, map[string]string{"step": c.Step, "note": c.Note}, "steps")
	if err != nil {
		return err
	}
	var moved struct{ Step, State, Proposal string }
	if err := json.Unmarshal(got.body, &moved); err != nil {
		return puzzling(err)
	}
	line := fmt.Sprintf("LID %s %s (%s)", c.LID, moved.Step, moved.State)
	if moved.Proposal != "" {
		line = fmt.Sprintf("LID %s waits for a second person, proposal %s", c.LID, moved.Proposal)
	}
	_, err = fmt.Fprintln(con.stdout, printable(line))
	return err
}
