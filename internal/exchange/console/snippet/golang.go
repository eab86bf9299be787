package snippet

import (
	"fmt"
	"strings"
)

func golang(c Call) string {
	var b strings.Builder
	body, imports := "nil", "\t\"fmt\"\n\t\"io\"\n\t\"net/http\"\n\t\"os\"\n\t\"time\"\n"
	if c.Body != "" {
		body, imports = "strings.NewReader("+inGo(c.Body)+")", strings.Replace(imports, "\t\"time\"", "\t\"strings\"\n\t\"time\"", 1)
	}
	fmt.Fprintf(&b, "package main\n\nimport (\n%s)\n\nfunc main() {\n\tif err := call(os.Getenv(%q)); err != nil {\n\t\tfmt.Fprintln(os.Stderr, err)\n\t\tos.Exit(1)\n\t}\n}\n\n", imports, KeyVariable)
	fmt.Fprintf(&b, "func call(key string) error {\n\tif key == \"\" {\n\t\treturn fmt.Errorf(\"isi dahulu %s dengan kunci API aplikasi Anda\")\n\t}\n", KeyVariable)
	fmt.Fprintf(&b, "\trequest, err := http.NewRequest(%s, %s, %s)\n\tif err != nil {\n\t\treturn err\n\t}\n", inGo(c.Method), inGo(c.URL), body)
	fmt.Fprintf(&b, "\trequest.Header.Set(\"X-API-Key\", key)\n")
	for _, f := range c.fields() {
		fmt.Fprintf(&b, "\trequest.Header.Set(%s, %s)\n", inGo(f.Name), inGo(f.Value))
	}
	b.WriteString(`	client := &http.Client{Timeout: 30 * time.Second}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s, Exchange-Id %s: %s", answer.Status, answer.Header.Get("Exchange-Id"), text)
	}
	fmt.Println(string(text))
	return nil
}
`)
	return b.String()
}
