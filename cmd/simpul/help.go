package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"simpul"
)

// helpFlag shows help on whatever command stands before it.
type helpFlag bool

// errHelpShown ends the parsing of a command line that asks for help.
var errHelpShown = errors.New("help was shown")

// BeforeReset is called by the parser before it asks for what is required.
func (helpFlag) BeforeReset(parsed *kong.Context, con *console) error {
	node := parsed.Selected()
	if node == nil {
		node = parsed.Model.Node
	}
	manual{con.stdout, con.lang}.page(node)
	return errHelpShown
}

// manual writes help pages in one language.
type manual struct {
	out  io.Writer
	lang simpul.Language
}

func (m manual) page(node *kong.Node) {
	m.head("Pemakaian", "Usage", m.synopsis(node))
	if about := m.about(node); about != "" {
		fmt.Fprintf(m.out, "\n%s\n", about)
	}
	if node.Detail != "" {
		m.head("\nContoh", "\nExamples", "")
		fmt.Fprintf(m.out, "  %s\n", strings.ReplaceAll(node.Detail, "\n", "\n  "))
	}
	m.commands(node)
	m.arguments(node)
	m.flags(node)
}

func (m manual) head(id, en, rest string) {
	title := simpul.Text{ID: id, EN: en}.In(m.lang)
	fmt.Fprintln(m.out, strings.TrimSuffix(title+": "+rest, " "))
}

func (m manual) synopsis(node *kong.Node) string {
	line := node.FullPath()
	for _, arg := range node.Positional {
		line += " " + arg.Summary()
	}
	if len(node.Children) > 0 {
		line += " " + simpul.Text{ID: "<perintah>", EN: "<command>"}.In(m.lang)
	}
	return line + " " + simpul.Text{ID: "[pilihan]", EN: "[flags]"}.In(m.lang)
}

func (m manual) about(node *kong.Node) string {
	if node.Type == kong.ApplicationNode {
		return simpul.Text{
			ID: "Simpul menghubungkan layanan pemerintah: instansi menerbitkan LID, aplikasi memanggilnya dengan izin.",
			EN: "Simpul connects government services: agencies publish LIDs, applications call them under grants.",
		}.In(m.lang)
	}
	return m.choose(node.Help, node.Tag)
}

// choose gives the help of the tag "en" where that is the language.
func (m manual) choose(help string, tag *kong.Tag) string {
	if tag == nil {
		return help
	}
	return simpul.Text{ID: help, EN: tag.Get("en")}.In(m.lang)
}

func (m manual) commands(node *kong.Node) {
	var rows [][2]string
	for _, leaf := range node.Leaves(true) {
		if leaf != node {
			rows = append(rows, [2]string{leaf.Path(), m.choose(leaf.Help, leaf.Tag)})
		}
	}
	m.section("\nPerintah", "\nCommands", rows)
}

func (m manual) arguments(node *kong.Node) {
	var rows [][2]string
	for _, arg := range node.Positional {
		rows = append(rows, [2]string{arg.Summary(), m.choose(arg.Help, arg.Tag)})
	}
	m.section("\nArgumen", "\nArguments", rows)
}

func (m manual) flags(node *kong.Node) {
	var rows [][2]string
	levels := node.AllFlags(true)
	slices.Reverse(levels) // the command's own first
	for _, level := range levels {
		for _, flag := range level {
			about := m.choose(flag.Help, flag.Tag)
			if len(flag.Envs) > 0 {
				about += " ($" + strings.Join(flag.Envs, ", $") + ")"
			}
			rows = append(rows, [2]string{flag.String(), about})
		}
	}
	m.section("\nPilihan", "\nFlags", rows)
}

func (m manual) section(id, en string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	m.head(id, en, "")
	columns := tabwriter.NewWriter(m.out, 0, 0, 3, ' ', 0)
	for _, row := range rows {
		fmt.Fprintf(columns, "  %s\t%s\n", row[0], row[1])
	}
	columns.Flush()
}
