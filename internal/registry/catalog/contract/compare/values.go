package compare

import (
	"slices"
	"strings"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

// values compares what two descriptions of one value allow.
func values(s side, w words, before, after contract.Field) []change {
	return slices.Concat(
		types(s, w, before, after),
		required(s, w, before.Required, after.Required),
		null(s, w, before.Nullable, after.Nullable),
		elements(s, w, before, after),
		listed(s, w, before.Rules, after.Rules),
		limits(s, w, before.Rules, after.Rules),
		described(w, before.Description, after.Description),
	)
}

// judge tells the effect of a change by whether the value may be more than
// before, or less.
func judge(s side, more, less bool) (Effect, simpul.Text) {
	switch {
	case s != answered && less:
		return Breaking, refused
	case s != answered:
		return Harmless, wider
	case more:
		return Breaking, unread
	}
	return Harmless, firmer
}

func types(s side, w words, a, b contract.Field) []change {
	if a.Type == b.Type && a.Format == b.Format {
		return nil
	}
	more := !s.admits(a.Type, b.Type) || !holds(a.Format, b.Format)
	less := !s.admits(b.Type, a.Type) || !holds(b.Format, a.Format)
	if !more && !less {
		return nil
	}
	effect, why := judge(s, more, less)
	before, after := clip(kind(a)), clip(kind(b))
	return []change{{kind: Retyped, effect: effect, why: why, before: before, after: after,
		sentence: w.says("berubah jenis dari "+said(before, "tak ditentukan")+" menjadi "+said(after, "tak ditentukan")+".",
			"changes its type from "+said(before, "unspecified")+" to "+said(after, "unspecified")+".")}}
}

func said(kind, nothing string) string {
	if kind == "" {
		return nothing
	}
	return kind
}

func kind(f contract.Field) string {
	if f.Format == "" {
		return f.Type
	}
	return strings.TrimSpace(f.Type + " (" + f.Format + ")")
}

// admits reports whether every type of narrow is one of wide; "" admits all.
func (s side) admits(wide, narrow string) bool {
	if wide == "" {
		return true
	}
	if narrow == "" {
		return false
	}
	some := strings.Split(wide, "|")
	for n := range strings.SplitSeq(narrow, "|") {
		if !slices.ContainsFunc(some, func(w string) bool { return s.admitsOne(w, n) }) {
			return false
		}
	}
	return true
}

func (s side) admitsOne(wide, narrow string) bool {
	w, wideArray := strings.CutSuffix(wide, "[]")
	n, narrowArray := strings.CutSuffix(narrow, "[]")
	switch {
	case wide == narrow, wide == "number" && narrow == "integer", wide == "array" && narrowArray:
		return true
	case s == written && wide == "string":
		return narrow == "integer" || narrow == "number" || narrow == "boolean"
	case wideArray && narrowArray:
		return s.admitsOne(w, n)
	}
	return false
}

// holds reports whether values of the narrow format are of the wide one too.
func holds(wide, narrow string) bool {
	return wide == "" || wide == narrow || wide == "int64" && narrow == "int32" || wide == "double" && narrow == "float"
}

func required(s side, w words, was, is bool) []change {
	if was == is {
		return nil
	}
	effect, why := judge(s, was, is)
	if is {
		return []change{{kind: Required, effect: effect, why: why, sentence: w.says("kini selalu harus ada.", "must always be there now.")}}
	}
	return []change{{kind: Optional, effect: effect, why: why, sentence: w.says("kini boleh tidak ada.", "may be absent now.")}}
}

func null(s side, w words, was, is bool) []change {
	if was == is {
		return nil
	}
	effect, why := judge(s, is, was)
	if is {
		return []change{{kind: Nullable, effect: effect, why: why, sentence: w.says("kini boleh bernilai null.", "may be null now.")}}
	}
	return []change{{kind: NotNull, effect: effect, why: why, sentence: w.says("kini tidak boleh bernilai null.", "may not be null now.")}}
}

// elements compares whether the elements of an array can be null.
func elements(s side, w words, a, b contract.Field) []change {
	nulls := func(f contract.Field) bool { return f.Rules != nil && f.Rules.NullItems }
	if !strings.HasSuffix(a.Type, "[]") || !strings.HasSuffix(b.Type, "[]") {
		return nil
	}
	return null(s, words{"Setiap unsur: " + w.ID, "Each element: " + w.EN}, nulls(a), nulls(b))
}

func listed(s side, w words, a, b *contract.Rules) (changes []change) {
	before, after := allowed(a), allowed(b)
	gone, came := without(before, after), without(after, before)
	switch any := []string{"…"}; {
	case before == nil && after == nil:
		return nil
	case before == nil:
		gone, came = any, nil
	case after == nil:
		gone, came = nil, any
	}
	if len(gone) > 0 {
		effect, why := judge(s, false, true)
		changes = append(changes, change{kind: Values, effect: effect, why: why, before: show(before), after: show(after), sentence: fewer(w, before, gone)})
	}
	if len(came) > 0 {
		effect, why := grown(s, a)
		changes = append(changes, change{kind: Values, effect: effect, why: why, before: show(before), after: show(after), sentence: furtherOnes(w, after, came)})
	}
	return changes
}

func grown(s side, former *contract.Rules) (Effect, simpul.Text) {
	switch {
	case s != answered:
		return Harmless, wider
	case former.Closed:
		return Breaking, unread
	}
	return Warning, surprising
}

func fewer(w words, before, gone []string) simpul.Text {
	if before == nil {
		return w.says("kini hanya boleh berisi nilai dari sebuah daftar.", "must now be one of a list of values.")
	}
	return w.says("tidak lagi mengenal nilai "+show(gone)+".", "no longer knows the value "+show(gone)+".")
}

func furtherOnes(w words, after, came []string) simpul.Text {
	if after == nil {
		return w.says("kini boleh berisi nilai apa pun.", "may now be any value.")
	}
	return w.says("mengenal nilai baru "+show(came)+".", "knows the new value "+show(came)+".")
}

func allowed(r *contract.Rules) []string {
	if r == nil {
		return nil
	}
	return r.Values
}

// without returns what is in all and not in others; both are in order.
func without(all, others []string) (rest []string) {
	for _, v := range all {
		if _, found := slices.BinarySearch(others, v); !found {
			rest = append(rest, v)
		}
	}
	return rest
}

func show(values []string) string {
	const most = 8
	if len(values) > most {
		values = append(slices.Clone(values[:most]), "…")
	}
	return clip(strings.Join(values, ", "))
}
