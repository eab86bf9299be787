package conform

import "github.com/santhosh-tekuri/jsonschema/v6"

// asserted are the formats that are held to: those that JSON Schema defines and
// the library knows. Others, such as int32, are annotations.
var asserted = []string{
	"date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference", "iri", "iri-reference",
	"uuid", "uri-template", "json-pointer", "relative-json-pointer",
}

// formats are the formats by name. What is met at every turn is checked without
// an allocation, and the library knows the others.
type formats struct{ known map[string]*format }

func newFormats() (*formats, error) {
	f := &formats{known: map[string]*format{"date": {"date", isDate}, "uuid": {"uuid", isUUID}}}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for _, name := range asserted {
		if f.known[name] != nil {
			continue
		}
		if err := c.AddResource("format:///"+name, map[string]any{"format": name}); err != nil {
			return nil, err
		}
		schema, err := c.Compile("format:///" + name)
		if err != nil {
			return nil, err
		}
		f.known[name] = &format{name, func(value []byte) bool { return schema.Format.Validate(string(value)) == nil }}
	}
	return f, nil
}

func (f *formats) of(name string) *format {
	if f == nil {
		return nil
	}
	return f.known[name]
}
