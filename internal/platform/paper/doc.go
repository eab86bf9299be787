// Package paper is the door to documents that people print, sign and archive:
// PDF on A4, in the tagged form that screen readers and archives ask for
// (PDF/A-2a, ISO 19005-2), with its fonts inside.
//
// A document is written from top to bottom: [New], then title, sections, texts,
// facts and tables, then [Document.Bytes]. The same input gives the same bytes.
// Whatever text comes in is shown as text: a character that the font lacks
// becomes "?", and control characters become spaces. Nothing is loaded from
// outside, no document holds a script, a form or a link.
//
// Dependencies: github.com/carlos7ags/folio lays out and writes the PDF,
// golang.org/x/image has the Go fonts, which it embeds.
package paper
