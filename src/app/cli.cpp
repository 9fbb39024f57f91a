#include "app/cli.hpp"

#include "app/config_problems.hpp"
#include "app/load_config.hpp"
#include "app/served_models.hpp"
#include "app/version.hpp"
#include "catalog/catalog.hpp"
#include "catalog/list.hpp"
#include "dialect/dialect.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace sluice::app {
namespace {

constexpr const char* examples = R"(Examples:
  sluice serve                              with the keys in the environment, or as a demo without any
  sluice serve --config sluice.yaml         what the file says
  sluice check sluice.yaml                  is the file right?
  sluice models --sort price --region eu    what does the catalog offer?
  sluice repair < answer.txt                JSON out of what a model said
  sluice translate request --to gemini < request.json    what would be sent?

Exit status: 0 done, 1 failed, 2 the command line makes no sense.)";

struct ModelsOptions {
  std::string sort = "quality";
  std::string region;
  bool json = false;
};

/// What the parser found. `chosen` is set by the command that was given.
struct Choice {
  ServeOptions serve;
  SimulateOptions simulate;
  RepairOptions repair;
  TranslateOptions translate;
  ModelsOptions models;
  std::string check_file;
  bool check_with_demo = false;
  std::function<int()> chosen;
};

CLI::Validator one_of(std::vector<std::string_view> words) {
  return {[words = std::move(words)](std::string& text) -> std::string {
            if (std::ranges::find(words, text) != words.end()) return {};
            return fmt::format("'{}' is not allowed{}", text, suggestion(text, words, "use one of"));
          },
          "", "one_of"};
}

/// An option that takes an address; `out` is set when it is right.
template <class Out>
CLI::Option* add_address(CLI::App& command, Out& out, const std::string& help) {
  return command
      .add_option_function<std::string>(
          "--listen",
          [&out](const std::string& text) {
            auto address = http::parse_listen_address(text);
            if (!address) throw CLI::ValidationError("--listen", address.error().message());
            out = *address;
          },
          help)
      ->type_name("HOST:PORT");
}

int check(const Choice& choice, const Environment& environment, const Terminal& terminal) {
  const auto config = load_config(choice.check_file, environment, {.demo = choice.check_with_demo});
  if (!config) {
    terminal.err << config.error().message() << '\n';
    return exit_failed;
  }
  const auto built_in = catalog::built_in_catalog();
  if (!built_in) {
    terminal.err << built_in.error().message() << '\n';
    return exit_failed;
  }
  const auto count = [](std::size_t n, std::string_view what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  terminal.out << fmt::format(
      "{}: all right ({}, {}, {}, {})\n", choice.check_file, count(config->listen.size(), "listener"),
      count(config->providers.size(), "provider"), count(served_models(*config, *built_in).size(), "model"),
      count(config->keys.size(), "key"));
  return exit_ok;
}

int list_models(const ModelsOptions& options, const Terminal& terminal) {
  const auto built_in = catalog::built_in_catalog();
  if (!built_in) {
    terminal.err << built_in.error().message() << '\n';
    return exit_failed;
  }
  const auto models =
      built_in->list(catalog::order_named(options.sort), catalog::region_named(options.region));
  std::string text;
  if (options.json) {
    catalog::append_list_json(models, text);
    text += '\n';
  } else {
    text = catalog::list_text(models, terminal.width, terminal.colours);
  }
  terminal.out << text;
  return exit_ok;
}

void add_serve(CLI::App& app, Choice& choice, const Commands& commands) {
  auto* command = app.add_subcommand("serve", "Run the gateway");
  command
      ->add_option("--config", choice.serve.config_file, "Configuration; without one the environment decides")
      ->type_name("FILE");
  add_address(*command, choice.serve.listen, "Where clients connect (default 127.0.0.1:8080)");
  command->add_flag("--demo", choice.serve.demo, "Simulate the provider 'demo' inside the process");
  command->footer(
      "Examples:\n  sluice serve --demo\n  sluice serve --config sluice.yaml --listen 0.0.0.0:8080");
  command->callback([&] { choice.chosen = [&] { return commands.serve(choice.serve); }; });
}

void add_check(CLI::App& app, Choice& choice, const Environment& environment, const Terminal& terminal) {
  auto* command =
      app.add_subcommand("check", "Validate a configuration: all that is wrong, as file:line: what");
  command->add_option("FILE", choice.check_file, "The configuration")->required();
  command->add_flag("--demo", choice.check_with_demo,
                    "As for 'serve --demo': a provider named 'demo' exists");
  command->footer("Example:\n  sluice check examples/sluice.yaml");
  command->callback([&] { choice.chosen = [&] { return check(choice, environment, terminal); }; });
}

void add_simulate(CLI::App& app, Choice& choice, const Commands& commands) {
  auto* command = app.add_subcommand("simulate", "Run a made-up provider that speaks every dialect");
  add_address(*command, choice.simulate.listen, "Where gateways connect")->required();
  command->add_option("--replay", choice.simulate.replay, "Answer with the recordings of this folder")
      ->type_name("DIR");
  command->footer("Example:\n  sluice simulate --listen 127.0.0.1:9000");
  command->callback([&] { choice.chosen = [&] { return commands.simulate(choice.simulate); }; });
}

void add_models(CLI::App& app, Choice& choice, const Terminal& terminal) {
  auto* command = app.add_subcommand("models", "List the models of the built-in catalog");
  command->add_option("--sort", choice.models.sort, "quality (default), latency, price or provider")
      ->type_name("ORDER")
      ->check(one_of(catalog::order_names()));
  command->add_option("--region", choice.models.region, "Only those offered in us or eu")
      ->type_name("REGION")
      ->check(one_of({"us", "eu"}));
  command->add_flag("--json", choice.models.json, "As GET /v1/models answers");
  command->footer("Example:\n  sluice models --sort latency --region eu");
  command->callback([&] { choice.chosen = [&] { return list_models(choice.models, terminal); }; });
}

void add_repair(CLI::App& app, Choice& choice, const Commands& commands, const Terminal& terminal) {
  auto* command =
      app.add_subcommand("repair", "Make JSON of standard input; says on standard error what was fixed");
  command->add_flag("--jsonl", choice.repair.lines,
                    R"(JSON Lines: {"id","input"} (or "input_b64") in, {"id","out"} or {"id","error"} out)");
  command->add_flag("--object", choice.repair.object,
                    "The JSON must be an object, as for the arguments of a call");
  command->footer(R"(Examples:
  echo "{'name': 'Ann', tags: [1, 2,]}" | sluice repair        {"name": "Ann", "tags": [1, 2]}
  echo 'Sure! {"a": "say "hi""} Bye.' | sluice repair           {"a": "say \"hi\""}
  sluice repair --jsonl < answers.jsonl > repaired.jsonl

A text has at most 8 MiB. Exit status: 1 if it holds no JSON, or if a line of --jsonl makes no sense.)");
  command->callback([&] { choice.chosen = [&] { return commands.repair(choice.repair, terminal); }; });
}

std::vector<std::string_view> apis() {
  std::vector<std::string_view> names;
  for (const dialect::Dialect& dialect : dialect::all()) names.push_back(dialect.api);
  return names;
}

/// One of the three things that can be translated; `option` names the provider's side.
CLI::App* add_translation(CLI::App& parent, Choice& choice, const Commands& commands,
                          const Terminal& terminal, TranslateOptions::What what, const std::string& name,
                          const std::string& option, const std::string& help) {
  auto* command = parent.add_subcommand(name, help);
  command->add_option(option, choice.translate.api, "The provider's wire format")
      ->type_name("API")
      ->required()
      ->check(one_of(apis()));
  command->add_option("--model", choice.translate.model, "The provider's name for the model")
      ->type_name("MODEL");
  command->callback([&choice, &commands, &terminal, what] {
    choice.translate.what = what;
    choice.chosen = [&] { return commands.translate(choice.translate, terminal); };
  });
  return command;
}

void add_translate(CLI::App& app, Choice& choice, const Commands& commands, const Terminal& terminal) {
  using What = TranslateOptions::What;
  auto* command = app.add_subcommand(
      "translate", "Show offline what would be sent to a provider, or what its bytes would become");
  command->require_subcommand(1);
  add_translation(
      *command, choice, commands, terminal, What::request, "request", "--to",
      "A client's request (standard input) as the provider would get it; what was changed goes to "
      "standard error")
      ->add_option("--host", choice.translate.host, "An OpenAI-compatible host, as api.mistral.ai")
      ->type_name("HOST");
  add_translation(*command, choice, commands, terminal, What::response, "response", "--from",
                  "A provider's whole answer as the client would get it")
      ->add_option("--status", choice.translate.status, "The answer's status (default 200)");
  auto* stream = add_translation(*command, choice, commands, terminal, What::stream, "stream", "--from",
                                 "A provider's stream as the client would get it");
  stream->add_flag("--whole", choice.translate.whole, "For a client that asked for a whole answer");
  stream->add_flag("--usage", choice.translate.usage, "For a client that asked for usage");
  command->footer(R"(Examples:
  sluice translate request --to anthropic.messages --model claude-sonnet-4-6 < request.json
  sluice translate request --to openai.chat --host api.mistral.ai < request.json
  sluice translate response --from gemini < answer.json
  curl -sN ... | sluice translate stream --from anthropic.messages)");
}

void add_version(CLI::App& app, Choice& choice, const Terminal& terminal) {
  app.add_subcommand("version", "Print the version")->callback([&] {
    choice.chosen = [&] {
      terminal.out << "sluice " << version() << '\n';
      return exit_ok;
    };
  });
}

int refuse(const Terminal& terminal, std::string_view why) {
  terminal.err << "sluice: " << why << "; see sluice --help\n";
  return exit_usage;
}

/// The command that was given; the program itself before one is.
const CLI::App& current(const CLI::App& app) {
  const auto given = app.get_subcommands();
  return given.empty() ? app : *given.front();
}

int refuse_extra(const CLI::App& app, const Terminal& terminal) {
  const CLI::App& command = current(app);
  std::vector<std::string> options;
  for (const CLI::Option* option : command.get_options()) options.push_back(option->get_name());
  std::vector<std::string> extras = app.remaining(true);
  const std::string extra = extras.empty() ? "" : extras.front();
  return refuse(terminal, fmt::format("'{}' takes no {}{}", command.get_name(), extra,
                                      suggestion(extra, {options.begin(), options.end()}, "it takes")));
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

int parse_and_run(CLI::App& app, Choice& choice, const std::vector<std::string>& arguments,
                  const Terminal& terminal) {
  if (arguments.empty()) {
    terminal.err << app.help();
    return exit_usage;
  }
  const std::vector<std::string> names = command_names(app);
  const std::string& first = arguments.front();
  if (!first.starts_with('-') && std::ranges::find(names, first) == names.end())
    return refuse(terminal, fmt::format("unknown command '{}'{}", first,
                                        suggestion(first, {names.begin(), names.end()}, "the commands are")));
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    terminal.out << app.help();  // that of the command, if one was given
    return exit_ok;
  } catch (const CLI::ExtrasError&) {
    return refuse_extra(app, terminal);
  } catch (const CLI::ParseError& error) {
    return refuse(terminal, error.what());
  }
  return choice.chosen();
}

}  // namespace

int run_command(const std::vector<std::string>& arguments, const Commands& commands,
                const Environment& environment, const Terminal& terminal) {
  CLI::App app("Sluice, an LLM gateway: one OpenAI-compatible API in front of every provider.", "sluice");
  app.require_subcommand(1);
  app.footer(examples);
  Choice choice;
  add_serve(app, choice, commands);
  add_check(app, choice, environment, terminal);
  add_simulate(app, choice, commands);
  add_models(app, choice, terminal);
  add_repair(app, choice, commands, terminal);
  add_translate(app, choice, commands, terminal);
  add_version(app, choice, terminal);
  return parse_and_run(app, choice, arguments, terminal);
}

}  // namespace sluice::app
