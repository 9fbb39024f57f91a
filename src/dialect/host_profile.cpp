#include "dialect/host_profile.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect {
namespace {

/// Sampling and reasoning members that other hosts have: unknown ones are an error at OpenAI.
constexpr std::array<std::string_view, 10> foreign{"top_k",           "top_a",
                                                   "min_p",           "repetition_penalty",
                                                   "thinking",        "enable_thinking",
                                                   "thinking_budget", "chat_template_kwargs",
                                                   "cache_control",   "include_reasoning"};

// console.groq.com/docs/openai: "currently not supported"
constexpr std::array<std::string_view, 6> groq_refuses{"logprobs", "top_logprobs", "logit_bias",
                                                       "n",        "thinking",     "cache_control"};
constexpr std::array<std::string_view, 6> groq_messages{"role",         "content",   "tool_calls",
                                                        "tool_call_id", "reasoning", "channel"};

constexpr std::array<std::string_view, 5> cerebras_refuses{
    "presence_penalty", "frequency_penalty", "logit_bias", "parallel_tool_calls", "service_tier"};
constexpr std::array<std::string_view, 6> cerebras_messages{"role",         "content", "tool_calls",
                                                            "tool_call_id", "name",    "reasoning"};

// docs.mistral.ai/api: members that it does not know are answered with 422
constexpr std::array<std::string_view, 21> mistral_knows{"model",
                                                         "messages",
                                                         "temperature",
                                                         "top_p",
                                                         "max_tokens",
                                                         "stream",
                                                         "stop",
                                                         "random_seed",
                                                         "metadata",
                                                         "response_format",
                                                         "tools",
                                                         "tool_choice",
                                                         "n",
                                                         "presence_penalty",
                                                         "frequency_penalty",
                                                         "prediction",
                                                         "prompt_mode",
                                                         "reasoning_effort",
                                                         "safe_prompt",
                                                         "parallel_tool_calls",
                                                         "guardrails"};
constexpr std::array<std::string_view, 6> mistral_messages{"role",         "content", "tool_calls",
                                                           "tool_call_id", "name",    "prefix"};

constexpr std::array<std::string_view, 2> moonshot_refuses{"logit_bias", "cache_control"};
constexpr std::array<std::string_view, 4> perplexity_refuses{"tools", "tool_choice", "parallel_tool_calls",
                                                             "cache_control"};

constexpr std::size_t openai_call_id = 40;  // platform.openai.com: "string too long" beyond

constexpr HostProfile openai{.name = "openai",
                             .host_suffix = "api.openai.com",
                             .responses = true,
                             .obfuscation = true,
                             .legacy_functions = true,
                             .allowed_tools = true,
                             .max_call_id = openai_call_id,
                             .refused = foreign};

constexpr HostProfile azure_at(std::string_view suffix) {
  HostProfile row = openai;
  row.name = "azure";
  row.host_suffix = suffix;
  row.reasoning_format = "azure-openai-responses-v1";
  row.reasoning_ids = true;  // its project-scoped endpoints answer 400 without
  row.responses = false;     // depends on the path and the version of the API
  row.api_key_field = true;
  row.deployments = true;
  return row;
}

constexpr HostProfile dashscope_at(std::string_view suffix) {
  return {.name = "dashscope",
          .host_suffix = suffix,
          .max_completion_tokens = false,
          .developer_role = false,
          .reasoning_effort = false,
          .reasoning_request = ReasoningRequest::enable_thinking,
          .reasoning_history = ReasoningHistory::content,
          .cache_control = true,
          .required_tool_choice = ""};
}

constexpr HostProfile moonshot_at(std::string_view suffix) {
  return {.name = "moonshot",
          .host_suffix = suffix,
          .max_completion_tokens = false,
          .developer_role = false,
          .reasoning_effort = false,
          .reasoning_request = ReasoningRequest::thinking_type,
          .reasoning_history = ReasoningHistory::content_with_calls,
          .required_tool_choice = "",
          .refused = moonshot_refuses};
}

constexpr HostProfile zai_at(std::string_view suffix) {
  return {.name = "zai",
          .host_suffix = suffix,
          .max_completion_tokens = false,
          .developer_role = false,
          .reasoning_request = ReasoningRequest::thinking_type,
          .reasoning_history = ReasoningHistory::content};
}

/// Hosts whose software is not known take most members, or ignore them: what the client wrote goes through.
constexpr HostProfile unknown{.name = "unknown",
                              .reasoning_request = ReasoningRequest::object,
                              .reasoning_history = ReasoningHistory::unchanged,
                              .cache_control = true,
                              .call_extras = true,
                              .legacy_functions = true,
                              .empty_tools = true,
                              .allowed_tools = true,
                              .foreign_tool_choices = true};

constexpr HostProfile self_hosted(std::string_view name) {
  HostProfile row = unknown;
  row.name = name;
  row.developer_role = false;  // it would go into the model's template as it is
  row.legacy_functions = false;
  row.empty_tools = false;  // vLLM refuses it
  row.allowed_tools = false;
  row.foreign_tool_choices = false;
  return row;
}

constexpr HostProfile ollama_row() {
  HostProfile row = self_hosted("ollama");
  row.tool_choice = false;
  return row;
}

constexpr std::array rows{
    openai,
    azure_at("openai.azure.com"),
    azure_at("services.ai.azure.com"),
    azure_at("cognitiveservices.azure.com"),
    HostProfile{.name = "groq",
                .host_suffix = "api.groq.com",
                .message_names = false,
                .refused = groq_refuses,
                .known_in_message = groq_messages},
    HostProfile{.name = "together",
                .host_suffix = "api.together.xyz",
                .max_completion_tokens = false,
                .developer_role = false,
                .counted_logprobs = true},
    HostProfile{.name = "fireworks", .host_suffix = "api.fireworks.ai", .developer_role = false},
    HostProfile{.name = "deepseek",
                .host_suffix = "api.deepseek.com",
                .max_completion_tokens = false,
                .developer_role = false,
                .reasoning_request = ReasoningRequest::thinking_type,
                .reasoning_history = ReasoningHistory::content_with_calls},
    moonshot_at("api.moonshot.ai"),
    moonshot_at("api.moonshot.cn"),
    dashscope_at("aliyuncs.com"),
    HostProfile{.name = "mistral",
                .host_suffix = "mistral.ai",
                .max_completion_tokens = false,
                .stream_options = false,
                .developer_role = false,
                .message_names = false,
                .named_tool_choice = false,
                .required_tool_choice = "any",
                .seed = "random_seed",
                .prefix_last_assistant = true,
                .short_call_ids = true,
                .known = mistral_knows,
                .known_in_message = mistral_messages},
    HostProfile{.name = "xai",
                .host_suffix = "api.x.ai",
                .developer_role = false,
                .reasoning_format = "xai-responses-v1"},
    HostProfile{.name = "openrouter",
                .host_suffix = "openrouter.ai",
                .max_completion_tokens = false,
                .reasoning_request = ReasoningRequest::object,
                .reasoning_history = ReasoningHistory::details,
                .cache_control = true,
                .call_extras = true},
    HostProfile{.name = "vercel",
                .host_suffix = "ai-gateway.vercel.sh",
                .reasoning_request = ReasoningRequest::object,
                .reasoning_history = ReasoningHistory::details,
                .cache_control = true,
                .call_extras = true},
    HostProfile{
        .name = "google", .host_suffix = "googleapis.com", .developer_role = false, .call_extras = true},
    HostProfile{.name = "bedrock",
                .host_suffix = "api.aws",
                .reasoning_format = "bedrock-openai-responses-v1",
                .max_call_id = openai_call_id},
    HostProfile{.name = "cerebras",
                .host_suffix = "api.cerebras.ai",
                .developer_role = false,
                .refused = cerebras_refuses,
                .known_in_message = cerebras_messages},
    zai_at("z.ai"),
    zai_at("bigmodel.cn"),
    HostProfile{.name = "perplexity",
                .host_suffix = "api.perplexity.ai",
                .max_completion_tokens = false,
                .developer_role = false,
                .refused = perplexity_refuses},
    HostProfile{.name = "assemblyai",
                .host_suffix = "assemblyai.com",
                .max_completion_tokens = false,
                .developer_role = false,
                .reasoning_effort = false},
    ollama_row(),
    self_hosted("vllm"),
    self_hosted("llamacpp"),
    unknown,
};

/// Whole labels only: `api.x.ai` is no suffix of `myapi.x.ai`.
bool ends_with_host(std::string_view host, std::string_view suffix) {
  if (suffix.empty() || host.size() < suffix.size()) return false;
  const std::size_t at = host.size() - suffix.size();
  return iequals(host.substr(at), suffix) && (at == 0 || host[at - 1] == '.');
}

}  // namespace

const HostProfile& profile_for(std::string_view host) {
  const auto* row =
      std::ranges::find_if(rows, [&](const HostProfile& r) { return ends_with_host(host, r.host_suffix); });
  return row == rows.end() ? rows.back() : *row;
}

const HostProfile* profile_named(std::string_view name) {
  const auto* row = std::ranges::find(rows, name, &HostProfile::name);
  return row == rows.end() ? nullptr : row;
}

std::span<const HostProfile> host_profiles() {
  return rows;
}

}  // namespace sluice::dialect
