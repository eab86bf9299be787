package simpul

import (
	"net/url"
	"slices"
	"strings"
)

// Confine refuses a call that a grant's row limits do not cover. A limited
// parameter must be there, in the path or the query, and each time it is there
// its decoded value must be one of those allowed, exactly. A query name that
// some program would take for the parameter, such as "KODE" or "kode[]", counts
// as it too: what the hub checks must be what the provider reads.
func Confine(limits []RowLimit, op Operation, below *url.URL, owner AgencyID) error {
	if len(limits) == 0 {
		return nil
	}
	query, err := url.ParseQuery(below.RawQuery)
	if err != nil {
		return otherRows(limits[0], owner)
	}
	for _, limit := range limits {
		if !keeps(limit, inPath(op, below, limit.Parameter), query) {
			return otherRows(limit, owner)
		}
	}
	return nil
}

// keeps reports whether a call keeps to the limit.
func keeps(limit RowLimit, path []string, query url.Values) bool {
	values := slices.Concat(path, query[limit.Parameter])
	for name, more := range query {
		if name != limit.Parameter && alike(name) == alike(limit.Parameter) {
			values = append(values, more...)
		}
	}
	exact := len(path) > 0 || len(query[limit.Parameter]) > 0
	return exact && !slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(limit.Values, v) })
}

// alike is a query name as the most lenient of programs reads it: without case,
// up to a bracket, with dots and spaces as underscores.
func alike(name string) string {
	name, _, _ = strings.Cut(strings.TrimSpace(name), "[")
	return strings.ToLower(strings.NewReplacer(".", "_", " ", "_").Replace(name))
}

// inPath finds the value that a path gives to a parameter of its operation. No
// segment holds an encoded slash, see parseTarget.
func inPath(op Operation, below *url.URL, parameter string) []string {
	segments := strings.Split(strings.Trim(below.Path, "/"), "/")
	for i, name := range strings.Split(strings.Trim(op.Path, "/"), "/") {
		if name == "{"+parameter+"}" && i < len(segments) {
			return segments[i : i+1]
		}
	}
	return nil
}

// ParameterValues are the values that a call gives to a parameter of its contract,
// in the path and in the query. A query name that some program would take for the
// parameter counts as it, as in [Confine].
func ParameterValues(op Operation, below *url.URL, parameter string) []string {
	values := inPath(op, below, parameter)
	if below.RawQuery == "" {
		return values
	}
	query, _ := url.ParseQuery(below.RawQuery) // what is malformed was refused before
	for name, more := range query {
		if alike(name) == alike(parameter) {
			values = slices.Concat(values, more)
		}
	}
	return values
}

func otherRows(limit RowLimit, owner AgencyID) error {
	return &Error{
		Code: CodeDenied, Owner: owner, Place: limit.Parameter,
		Message: Text{
			ID: "Izin ini hanya berlaku untuk nilai tertentu dari parameter " + limit.Parameter + ".",
			EN: "This grant holds only for certain values of the parameter " + limit.Parameter + "."},
		Remedy: Text{
			ID: "Panggil dengan " + limit.Parameter + " = " + strings.Join(limit.Values, " atau ") + ", atau ajukan akses yang lebih luas kepada " + string(owner) + ".",
			EN: "Call with " + limit.Parameter + " = " + strings.Join(limit.Values, " or ") + ", or ask " + string(owner) + " for wider access."},
	}
}
