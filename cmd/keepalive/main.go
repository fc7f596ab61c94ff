// Command keepalive simulates what a network connection costs and shows it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/spf13/cobra"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// Exit statuses.
const (
	exitFine     = 0
	exitFailed   = 1 // the run or the check failed
	exitBadInput = 2
)

// failed is an error of the run itself, not of its input.
type failed struct{ error }

// run is main without the process.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitFine
	}
	fmt.Fprintln(errs, err)
	var f failed
	if errors.As(err, &f) {
		return exitFailed
	}
	return exitBadInput
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "keepalive",
		Short: "See, measure and understand what a network connection costs",
		Long: `Keepalive simulates HTTP over TCP packet by packet and shows what connections cost: with a new one per request, and kept.

A FILE is a path, - for standard input, or the name of a scenario that comes with the program (keepalive run --help lists them).`,
		Example: `  keepalive run gallery
  keepalive explain gallery
  keepalive compare gallery -o out`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(runCommand(), explainCommand(), compareCommand(), traceCommand(), viewCommand(), serveCommand(), gradeCommand(),
		checkCommand(), referenceCommand(), accuracyCommand())
	return root
}
