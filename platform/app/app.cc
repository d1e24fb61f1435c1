#include "platform/app/app.h"

#include <cstdlib>
#include <cstring>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "platform/app/process.h"
#include "platform/status/views.h"

namespace fivestrand::app {
namespace {

ConfigInputs InputsOf(int argc, const char* const* argv) {
  ConfigInputs inputs;
  for (int i = 1; i < argc; ++i) inputs.arguments.emplace_back(argv[i]);
  inputs.environment = [](const std::string& name) -> const char* {
    return std::getenv(name.c_str());
  };
  for (char** entry = environ; *entry != nullptr; ++entry) inputs.environment_names.emplace_back(*entry, std::strcspn(*entry, "="));
  return inputs;
}

// What is asked of the program instead of serving or a command.
enum class Question { kNone, kHelp, kVersion, kPrintConfig, kVerifyConfig, kPrintReference };

Question TakeQuestion(std::vector<std::string>* arguments) {
  static constexpr std::pair<const char*, Question> kQuestions[] = {{"--help", Question::kHelp},
                                                                    {"-h", Question::kHelp},
                                                                    {"--version", Question::kVersion},
                                                                    {"--print-config", Question::kPrintConfig},
                                                                    {"--verify-config", Question::kVerifyConfig},
                                                                    {"--print-reference", Question::kPrintReference}};
  Question asked = Question::kNone;
  std::erase_if(*arguments, [&](const std::string& argument) {
    for (const auto& [flag, question] : kQuestions) {
      if (argument == flag) {
        asked = question;
        return true;
      }
    }
    return false;
  });
  return asked;
}

}  // namespace

class AppBuilder::Impl {
 public:
  Impl(AppOptions options, int argc, const char* const* argv) : process(std::move(options), InputsOf(argc, argv)) {}

  int Run();

  Process process;
  std::mutex stop_mutex;
  bool stop_requested = false;

 private:
  int Usage(std::string_view problem) {
    const std::string line = absl::StrCat(process.options.program, ": ", AbslView(problem), "\n");
    log::WriteToStderr(line);
    return kExitUsage;
  }
  std::string Help() const;
  std::vector<const Command*> TakeCommand();
  int RunCommands(const std::vector<const Command*>& commands);
  int RunServing();
};

std::string AppBuilder::Impl::Help() const {
  std::string out =
      absl::StrCat("Usage: ", process.options.program,
                   " [command] [options]\n\nCommands:\n  serve\n      Serves until it is told to stop. The default.\n");
  std::string last;
  for (const Command& command : process.commands) {
    if (command.words != last) {
      absl::StrAppend(&out, "  ", command.words, command.arguments_help.empty() ? "" : " ", command.arguments_help, "\n      ",
                      command.help, "\n");
      for (const absl::string_view line : absl::StrSplit(command.options->Help(), '\n', absl::SkipEmpty()))
        absl::StrAppend(&out, "    ", line, "\n");
    }
    last = command.words;
  }
  absl::StrAppend(&out, "\nOptions, each also FIVESTRAND_... in the environment and a key of the file named by --config-file:\n",
                  process.table.Help(),
                  "  --print-config, --verify-config\n      Reads the configuration, shows it or only checks it, and ends.\n"
                  "  --print-reference\n      Prints the table of all options as Markdown.\n  --version\n");
  return out;
}

// The longest command whose words lead the arguments; they are taken off.
std::vector<const Command*> AppBuilder::Impl::TakeCommand() {
  std::vector<std::string>& arguments = process.inputs.arguments;
  std::string typed;
  std::vector<const Command*> found;
  std::size_t words = 0;
  for (std::size_t i = 0; i < arguments.size() && !absl::StartsWith(arguments[i], "-"); ++i) {
    absl::StrAppend(&typed, i == 0 ? "" : " ", arguments[i]);
    std::vector<const Command*> matches;
    for (const Command& command : process.commands) {
      if (command.words == typed) matches.push_back(&command);
    }
    if (!matches.empty()) {
      found = std::move(matches);
      words = i + 1;
    }
  }
  arguments.erase(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(words));
  return found;
}

int AppBuilder::Impl::RunCommands(const std::vector<const Command*>& commands) {
  int worst = kExitOk;
  for (const Command* const command : commands) worst = std::max(worst, command->run(process.positional));
  for (auto cleanup = process.cleanups.rbegin(); cleanup != process.cleanups.rend(); ++cleanup) cleanup->second();
  process.cleanups.clear();
  return worst;
}

int AppBuilder::Impl::RunServing() {
  StopSignal stop;
  {
    const std::lock_guard lock(stop_mutex);
    process.stop = &stop;
    if (stop_requested) stop.Request();
  }
  const int exit_code = Serve(&process);
  const std::lock_guard lock(stop_mutex);
  process.stop = nullptr;
  return exit_code;
}

int AppBuilder::Impl::Run() {
  const Question question = TakeQuestion(&process.inputs.arguments);
  if (!process.registration.ok()) {
    process.logger.Error("cannot register", {{"reason", StdView(process.registration.message())}});
    return kExitFailure;
  }
  if (question == Question::kHelp || question == Question::kVersion || question == Question::kPrintReference) {
    process.Output(question == Question::kHelp      ? Help()
                   : question == Question::kVersion ? absl::StrCat(process.options.program, " ", process.options.version, "\n")
                                                    : process.table.Markdown());
    return kExitOk;
  }
  const std::vector<const Command*> commands = TakeCommand();
  std::vector<ConfigTable*> command_options;
  for (const Command* const command : commands) command_options.push_back(command->options.get());
  if (const absl::Status parsed = process.table.Parse(process.inputs, &process.positional, command_options); !parsed.ok()) {
    return Usage(StdView(parsed.message()));
  }
  process.logger.set_level(*log::ParseLevel(*process.config.log_level));
  if (commands.empty()) {
    if (!process.positional.empty() && process.positional.front() == "serve") process.positional.erase(process.positional.begin());
    if (!process.positional.empty())
      return Usage(absl::StrCat("there is no command ", process.positional.front(), "; --help lists them"));
  }
  if (question == Question::kPrintConfig) process.Output(process.table.Print());
  if (question != Question::kNone) return kExitOk;
  // A command answers the person who typed it: a word about the environment would only be in the way.
  if (!commands.empty()) return RunCommands(commands);
  for (const std::string& variable : process.table.unknown_variables()) {
    process.logger.Info("variable not used", {{"variable", variable}});
  }
  return RunServing();
}

AppBuilder::AppBuilder(AppOptions options, int argc, const char* const* argv)
    : impl_(std::make_unique<Impl>(std::move(options), argc, argv)) {}
AppBuilder::~AppBuilder() = default;

void AppBuilder::Add(const std::function<absl::Status(AppBuilder&)>& registration) {
  impl_->process.registration.Update(registration(*this));
}

Service& AppBuilder::AddService(std::string name, Kind kind) {
  const bool prefixed = impl_->process.options.suite && kind == Kind::kGrpc;
  impl_->process.services.push_back(
      std::make_unique<ServiceImpl>(&impl_->process, name, prefixed ? name : "", kind == Kind::kGrpc));
  return *impl_->process.services.back();
}

ConfigTable& AppBuilder::config() {
  return impl_->process.table;
}
int AppBuilder::Run() {
  return impl_->Run();
}

void AppBuilder::RequestStop() {
  const std::lock_guard lock(impl_->stop_mutex);
  impl_->stop_requested = true;
  if (impl_->process.stop != nullptr) impl_->process.stop->Request();
}

int AppBuilder::admin_port() const {
  return impl_->process.admin_port;
}
bool AppBuilder::ready() const {
  return impl_->process.ready;
}

}  // namespace fivestrand::app
