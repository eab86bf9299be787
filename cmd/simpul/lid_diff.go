package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/resource"
)

type lidDiffCmd struct {
	lidArg `embed:""`
	From   int64  `placeholder:"N" help:"Revisi yang lama; bawaan: yang sebelum --to." en:"The former revision; without it that before --to."`
	To     int64  `placeholder:"N" help:"Revisi yang baru; bawaan: yang terakhir." en:"The later revision; without it the last."`
	File   string `short:"f" placeholder:"FILE" help:"Bandingkan berkas ini dengan yang tersimpan, tanpa menyimpannya." en:"Compare this file with what is stored, and store nothing."`
}

// Help gives examples, and says what the exit status means.
func (*lidDiffCmd) Help() string {
	return "simpul lid diff master/Kota\n" +
		"simpul lid diff master/Kota --from 2 --to 5\n" +
		"simpul lid diff master/Kota -f kota.yaml || echo memutus"
}

// lidDiff is what the hub says of two forms of a LID.
type lidDiff struct {
	From, To *struct {
		Number  int64
		Version string
	}
	Summary  inBoth
	Breaking int
	Contract []struct {
		Operation, Place, Effect string
		Sentence, Why            inBoth
	}
	Left  int
	Facts []struct {
		Term          inBoth
		Before, After string
	}
	Refused *struct{ Message, Remedy inBoth }
}

// Run tells the differences in words. It ends with 1 where consumers may break,
// so that a pipeline can stop there.
func (c *lidDiffCmd) Run(ctx context.Context, con *console) error {
	got, err := c.request(ctx, con)
	if err != nil {
		return err
	}
	var d lidDiff
	if err := json.Unmarshal(got.body, &d); err != nil {
		return puzzling(err)
	}
	if _, err := fmt.Fprintln(con.stdout, printable(strings.Join(d.lines(c.LID, con.lang), "\n"))); err != nil {
		return err
	}
	if d.Breaking > 0 {
		return &failure{nil, statusFailed}
	}
	return nil
}

func (c *lidDiffCmd) request(ctx context.Context, con *console) (answer, error) {
	if c.File == "" {
		return c.revisions(ctx, con)
	}
	if c.From != 0 || c.To != 0 {
		return answer{}, usage(simpul.Invalid("",
			text("-f membandingkan dengan yang tersimpan sekarang, jadi tidak bersama --from atau --to.", "-f compares with what is stored now, so not together with --from or --to."),
			text("Hilangkan salah satunya.", "Leave one of them out.")))
	}
	spec, err := specIn(con, c.File, c.LID)
	if err != nil {
		return answer{}, err
	}
	return c.ask(ctx, con, http.MethodPost, map[string]json.RawMessage{"spec": spec}, "diff")
}

func (c *lidDiffCmd) revisions(ctx context.Context, con *console) (answer, error) {
	if err := resource.LID.Check(c.LID); err != nil {
		return answer{}, usage(placeless(err))
	}
	hub, err := c.open(con)
	if err != nil {
		return answer{}, err
	}
	query := url.Values{}
	for name, n := range map[string]int64{"from": c.From, "to": c.To} {
		if n != 0 {
			query.Set(name, strconv.FormatInt(n, 10))
		}
	}
	return hub.call(ctx, http.MethodGet, append(item(resource.LID, c.LID), "diff"), query, nil)
}

// specIn is the spec of a LID in a file.
func specIn(con *console, file, lid string) (json.RawMessage, error) {
	docs, err := loadNamed(con, file)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		var body struct{ Spec json.RawMessage }
		if d.Kind == resource.LID && d.ID == lid && json.Unmarshal(d.JSON, &body) == nil {
			return body.Spec, nil
		}
	}
	return nil, usage(simpul.Invalid("",
		text("Berkas %s tidak memuat LID %s.", "File %s does not have the LID %s.", file, lid),
		text("Periksa metadata.id di dalamnya.", "Check the metadata.id in it.")))
}

func (d lidDiff) lines(lid string, lang simpul.Language) []string {
	lines := []string{lid + ": " + d.between(lang), d.Summary.in(lang)}
	operation := ""
	for _, ch := range d.Contract {
		if ch.Operation != operation {
			operation = ch.Operation
			lines = append(lines, "", operation)
		}
		lines = append(lines, "  ["+effectWord(ch.Effect).In(lang)+"] "+ch.Place, "      "+ch.Sentence.in(lang)+" "+ch.Why.in(lang))
	}
	if d.Left > 0 {
		lines = append(lines, text("  dan %d perubahan lain", "  and %d further changes", d.Left).In(lang))
	}
	if len(d.Facts) > 0 {
		lines = append(lines, "", text("Keterangan", "Description").In(lang))
	}
	for _, f := range d.Facts {
		lines = append(lines, "  "+f.Term.in(lang)+": "+orDash(f.Before)+" → "+orDash(f.After))
	}
	if d.Refused != nil {
		lines = append(lines, "", text("Penerbitannya akan ditolak: ", "To publish it would be refused: ").In(lang)+d.Refused.Message.in(lang), d.Refused.Remedy.in(lang))
	}
	return lines
}

// between says what is compared.
func (d lidDiff) between(lang simpul.Language) string {
	switch {
	case d.From == nil && d.To == nil:
		return text("LID baru", "a new LID").In(lang)
	case d.To == nil:
		return text("yang tersimpan dengan berkas ini", "what is stored with this file").In(lang)
	case d.From == nil:
		return text("revisi %d, yang pertama", "revision %d, the first", d.To.Number).In(lang)
	}
	return text("revisi %d (versi %s) ke %d (versi %s)", "revision %d (version %s) to %d (version %s)", d.From.Number, d.From.Version, d.To.Number, d.To.Version).In(lang)
}

func effectWord(effect string) simpul.Text {
	switch effect {
	case "breaking":
		return text("memutus", "breaking")
	case "warning":
		return text("periksa", "check")
	}
	return text("aman", "safe")
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
