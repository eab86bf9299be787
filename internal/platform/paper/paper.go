package paper

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/carlos7ags/folio/document"
	"github.com/carlos7ags/folio/font"
	"github.com/carlos7ags/folio/layout"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"simpul"
)

// About is what a reader's program shows of the document, and what stands at the
// foot of each page.
type About struct {
	Title    string
	Author   string
	Language simpul.Language
	Made     time.Time
	Foot     string // beside the page number
}

// Sizes in points. A4 leaves 481 points between the margins.
const (
	margin = 57 // 20 mm
	body   = 9.5
	small  = 8
)

// Colours of ink and rules, dark enough for a black-and-white printer.
func ink() layout.Color   { return layout.RGB(0.09, 0.11, 0.16) }
func soft() layout.Color  { return layout.RGB(0.33, 0.37, 0.43) }
func rule() layout.Color  { return layout.RGB(0.72, 0.75, 0.80) }
func shade() layout.Color { return layout.RGB(0.94, 0.95, 0.97) }
func deep() layout.Color  { return layout.RGB(0.07, 0.24, 0.42) }

// Document is a PDF that is being written. It is not safe for use by several
// goroutines.
type Document struct {
	pdf           *document.Document
	about         About
	regular, bold *font.EmbeddedFont
	section       *layout.Heading // waits for what it stands above
}

// New begins a document.
func New(about About) (*Document, error) {
	regular, err := font.ParseTTF(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	bold, err := font.ParseTTF(gobold.TTF)
	if err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	d := &Document{pdf: document.NewDocument(document.PageSizeA4), about: about, regular: font.NewEmbeddedFont(regular), bold: font.NewEmbeddedFont(bold)}
	d.pdf.SetMargins(layout.Margins{Top: margin, Right: margin, Bottom: margin, Left: margin})
	d.pdf.Info = document.Info{
		Title: d.clean(about.Title), Author: d.clean(about.Author), Language: string(about.Language),
		Creator: "Simpul", Producer: "Simpul", CreationDate: about.Made.UTC(), ModDate: about.Made.UTC(),
	}
	d.pdf.SetTagged(true)
	d.pdf.SetPdfA(document.PdfAConfig{Level: document.PdfA2A})
	d.pdf.SetAutoBookmarks(true)
	d.pdf.SetFooterElement(d.foot)
	return d, nil
}

// foot is the last line of each page.
func (d *Document) foot(at document.PageContext) layout.Element {
	page := fmt.Sprintf("Halaman %d dari %d", at.PageIndex+1, at.TotalPages)
	if d.about.Language == simpul.English {
		page = fmt.Sprintf("Page %d of %d", at.PageIndex+1, at.TotalPages)
	}
	row := layout.NewTable().SetColumnUnitWidths([]layout.UnitValue{layout.Pct(78), layout.Pct(22)})
	cells := row.AddRow()
	top := layout.CellBorders{Top: layout.SolidBorder(0.5, rule())}
	cells.AddCellElement(d.line(d.about.Foot, d.regular, 7.5, soft())).SetBorders(top).SetPaddingSides(layout.Padding{Top: 5})
	cells.AddCellElement(d.line(page, d.regular, 7.5, soft()).SetAlign(layout.AlignRight)).SetBorders(top).SetPaddingSides(layout.Padding{Top: 5})
	return row
}

// clean makes a text printable in the embedded fonts.
func (d *Document) clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case d.regular.Face().GlyphIndex(r) == 0:
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

func (d *Document) line(text string, f *font.EmbeddedFont, size float64, colour layout.Color) *layout.Paragraph {
	run := layout.NewRunEmbedded(d.clean(text), f, size)
	run.Color = colour
	return layout.NewStyledParagraph(run).SetLeading(1.35)
}

// Head writes the title of the document, with a short line above and below it.
func (d *Document) Head(above, title, below string) {
	d.pdf.Add(d.line(above, d.bold, small, deep()).SetSpaceAfter(2))
	d.pdf.Add(d.heading(title, layout.H1, 17))
	d.pdf.Add(d.line(below, d.regular, 10.5, soft()).SetSpaceAfter(6))
	d.pdf.Add(layout.NewLineSeparator().SetColor(deep()).SetWidth(1.2).SetSpaceAfter(8))
}

func (d *Document) heading(text string, level layout.HeadingLevel, size float64) *layout.Heading {
	run := layout.NewRunEmbedded(d.clean(text), d.bold, size)
	run.Color = ink()
	return layout.NewHeadingEmbedded(d.clean(text), level, d.bold).SetRuns([]layout.TextRun{run})
}

// Section begins a section. Its title stays on the page of what follows it.
func (d *Document) Section(title string) {
	d.flush()
	d.section = d.heading(title, layout.H2, 12)
}

// add puts an element below the title of its section, if it is the first there.
func (d *Document) add(e layout.Element) {
	if d.section == nil {
		d.pdf.Add(e)
		return
	}
	d.pdf.Add(layout.NewDiv().Add(d.section).Add(layout.NewDiv().SetPaddingAll(layout.Padding{Top: 4}).Add(e)).SetKeepTogether(true))
	d.section = nil
}

// flush writes the title of a section in which nothing stands.
func (d *Document) flush() {
	if d.section != nil {
		d.pdf.Add(d.section)
		d.section = nil
	}
}

// Text writes a paragraph.
func (d *Document) Text(text string) {
	d.add(d.line(text, d.regular, body, ink()).SetSpaceAfter(5).SetOrphans(2))
}

// Note writes a paragraph in small letters: how a figure was counted.
func (d *Document) Note(text string) {
	d.add(d.line(text, d.regular, small, soft()).SetSpaceBefore(3).SetSpaceAfter(8))
}

// Fact is a term and what it is.
type Fact struct{ Term, Value string }

// Facts writes terms and values beside each other.
func (d *Document) Facts(facts []Fact) {
	t := layout.NewTable().SetColumnUnitWidths([]layout.UnitValue{layout.Pct(32), layout.Pct(68)})
	border := layout.CellBorders{Bottom: layout.SolidBorder(0.4, rule())}
	for _, f := range facts {
		row := t.AddRow()
		row.AddCellElement(d.line(f.Term, d.regular, body, soft())).SetBorders(border).SetPaddingSides(layout.Padding{Top: 3, Bottom: 3, Right: 8})
		row.AddCellElement(d.line(f.Value, d.bold, body, ink())).SetBorders(border).SetPaddingSides(layout.Padding{Top: 3, Bottom: 3})
	}
	d.add(t)
}

// Column is one column of a table.
type Column struct {
	Label   string
	Share   float64 // percent of the width
	Numeric bool
}

// Table writes a table, whose head stands again on each page that it reaches.
func (d *Document) Table(columns []Column, rows [][]string) {
	widths := make([]layout.UnitValue, len(columns))
	for i, c := range columns {
		widths[i] = layout.Pct(c.Share)
	}
	t := layout.NewTable().SetColumnUnitWidths(widths)
	head := t.AddHeaderRow()
	for _, c := range columns {
		d.cell(head, c, c.Label, d.bold).SetBackground(shade())
	}
	for _, cells := range rows {
		row := t.AddRow()
		for i, c := range columns {
			d.cell(row, c, cells[i], d.regular)
		}
	}
	d.add(t)
}

func (d *Document) cell(row *layout.Row, c Column, text string, f *font.EmbeddedFont) *layout.Cell {
	line := d.line(text, f, small, ink())
	if c.Numeric {
		line.SetAlign(layout.AlignRight)
	}
	return row.AddCellElement(line).SetBorders(layout.CellBorders{Bottom: layout.SolidBorder(0.4, rule())}).
		SetPaddingSides(layout.Padding{Top: 3, Bottom: 3, Left: 4, Right: 4})
}

// Bytes returns the finished document.
func (d *Document) Bytes() ([]byte, error) {
	d.flush()
	var out bytes.Buffer
	if _, err := d.pdf.WriteToWithOptions(&out, document.WriteOptions{OrphanSweep: true, Deterministic: true}); err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	return out.Bytes(), nil
}
